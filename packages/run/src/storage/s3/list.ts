import { VogError } from '@vogjs/base';
import type { StoredFile } from '../bucket.js';
import type { S3Client } from './client.js';
import { textOf, textsOf } from './xml.js';

/** What is in a bucket under a prefix. */
export interface Listed {
  /** In the order of the store. */
  readonly files: StoredFile[];
  /** Whether a page had to be asked for more than once. */
  readonly isBusy: boolean;
}

/** All files whose keys begin with `prefix`, page by page. */
export async function listFiles(client: S3Client, prefix: string, what: string): Promise<Listed> {
  const files: StoredFile[] = [];
  let isBusy = false;
  for (let token: string | null = null; ;) {
    const { body, before } = await client.call({
      method: 'GET',
      query: {
        'list-type': '2',
        'encoding-type': 'url',
        prefix,
        ...(token === null ? {} : { 'continuation-token': token }),
      },
      what,
    });
    isBusy ||= before > 0;
    const xml = new TextDecoder().decode(body);
    // A proxy's page, or a store of another kind: no keys would read as no files.
    if (!xml.includes('<ListBucketResult')) throw notS3(what);
    const isEncoded = textOf(xml, 'EncodingType') === 'url';
    for (const [, entry = ''] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
      const [key] = textsOf(entry, 'Key');
      const size = Number(textOf(entry, 'Size') ?? Number.NaN);
      if (key === undefined || !Number.isSafeInteger(size) || size < 0) throw notS3(what);
      files.push({
        key: isEncoded ? decoded(key, what) : key,
        size,
        version: markOf(textOf(entry, 'ETag')),
        changed: secondsOf(textOf(entry, 'LastModified')),
      });
    }
    if (textOf(xml, 'IsTruncated') !== 'true') return { files, isBusy };
    const next: string | null = textOf(xml, 'NextContinuationToken');
    if (next === null || next === token) throw notS3(what);
    token = next;
  }
}

/** The mark of a version in one form: some stores leave its quotation marks out of a list. */
export function markOf(etag: string | null): string {
  return etag === null || etag === '' || etag.endsWith('"') ? (etag ?? '') : `"${etag}"`;
}

/** A time in milliseconds, of whole seconds: an answer to HEAD has no more. */
export function secondsOf(time: string | null): number {
  const milliseconds = Date.parse(time ?? '');
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000) * 1000;
}

function decoded(key: string, what: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    throw notS3(what);
  }
}

function notS3(what: string): VogError {
  return new VogError(
    'STORAGE_REFUSED',
    `${what}: the answer is not an S3 list. Check the endpoint (AWS_ENDPOINT_URL_S3).`,
  );
}
