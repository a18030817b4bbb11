import { VogError } from '@vogjs/base';
import type { S3Client } from './client.js';
import { failureOf, wordOf } from './failures.js';
import { escaped, textOf } from './xml.js';

/** Parts that are on their way at once. */
const AT_ONCE = 4;
/** Most parts that a store takes. */
const MOST_PARTS = 10_000;
const MEGABYTE = 2 ** 20;

/** A large file to put there in parts. */
export interface Upload {
  readonly key: string;
  readonly content: Uint8Array;
  /** Bytes of a part, where they are enough. */
  readonly partBytes: number;
  /** Sent with what ends it: conditions. */
  readonly headers: Readonly<Record<string, string>>;
  readonly what: string;
}

/**
 * Puts a file there in parts; it is there when the last step is done, whole. What fails leaves no parts behind, which
 * cost money unseen.
 *
 * @returns the number of the answer: 200, or 409 or 412 where a condition did not hold
 */
export async function putInParts(client: S3Client, upload: Upload): Promise<number> {
  const { key, what } = upload;
  const { body } = await client.call({ method: 'POST', key, query: { uploads: '' }, what });
  const id = textOf(new TextDecoder().decode(body), 'UploadId');
  if (id === null) {
    throw new VogError('STORAGE_REFUSED', `${what}: the store began no upload in parts. Is it a store that speaks S3?`);
  }
  let status = 0;
  try {
    status = await complete(client, upload, id, await putParts(client, upload, id));
    return status;
  } finally {
    if (status !== 200) {
      // What went wrong is told; that cleaning up did too is no more than a consequence.
      await client.call({ method: 'DELETE', key, query: { uploadId: id }, accepts: [404], what }).catch(() => {});
    }
  }
}

/** Gives the tags of the parts, in order. */
async function putParts(client: S3Client, upload: Upload, id: string): Promise<string[]> {
  const { key, content, what } = upload;
  const least = content.length / MOST_PARTS;
  const size = least <= upload.partBytes ? upload.partBytes : Math.ceil(least / MEGABYTE) * MEGABYTE;
  const tags = Array.from({ length: Math.ceil(content.length / size) }, () => '');
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < tags.length; at = next++) {
      const query = { partNumber: String(at + 1), uploadId: id };
      const part = content.subarray(at * size, (at + 1) * size);
      const { headers } = await client.call({ method: 'PUT', key, query, body: part, what });
      tags[at] = headers.get('etag') ?? '';
    }
  };
  const working = Array.from({ length: Math.min(AT_ONCE, tags.length) }, () =>
    work().catch((error: unknown) => {
      // The others begin no further part.
      next = tags.length;
      throw error;
    }),
  );
  // Nothing is on its way any more when the upload is taken back.
  const ends = await Promise.allSettled(working);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return tags;
}

async function complete(client: S3Client, upload: Upload, id: string, tags: readonly string[]): Promise<number> {
  const { key, content, headers, what } = upload;
  const parts = tags.map((tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${escaped(tag)}</ETag></Part>`);
  const xml = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`;
  const body = new TextEncoder().encode(xml);
  const answer = await client.call({
    method: 'POST',
    key,
    query: { uploadId: id },
    headers: { 'content-type': 'application/xml', ...headers },
    body,
    accepts: [404, ...(Object.keys(headers).length > 0 ? [409, 412] : [])],
    what,
  });
  if (answer.status !== 404) return answer.status;
  // The upload is over: the answer to an earlier time was lost, if the file is there now.
  if (answer.before > 0 && wordOf(answer) === 'NoSuchUpload') {
    const there = await client.call({ method: 'HEAD', key, accepts: [404], what });
    if (there.status === 200 && Number(there.headers.get('content-length')) === content.length) return 200;
  }
  throw failureOf(answer, what);
}
