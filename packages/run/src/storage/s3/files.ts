import type { StoredFile, StoredPart } from '../bucket.js';
import type { S3Client } from './client.js';
import { failureOf } from './failures.js';
import { markOf, secondsOf } from './list.js';

/** Looks at single files of a bucket, and reads parts of the version that was found. */
export class S3Files {
  private isBucketThere = false;

  constructor(private readonly client: S3Client) {}

  /** @param what begins the message of an error: `'s3://bucket/run.json cannot be read'` */
  async find(key: string, what: string): Promise<StoredFile | null> {
    const answer = await this.client.call({ method: 'HEAD', key, accepts: [400, 403, 404], what });
    const { status, headers } = answer;
    if (status === 400 || status === 403) {
      // Such an answer has no words; that to GET says what is wrong.
      await this.client.call({ method: 'GET', key, headers: { range: 'bytes=0-0' }, accepts: [404, 416], what });
      throw failureOf(answer, what);
    }
    if (status === 404) {
      await this.requireBucket(key, what);
      return null;
    }
    return {
      key,
      size: Number(headers.get('content-length')),
      version: markOf(headers.get('etag')),
      changed: secondsOf(headers.get('last-modified')),
    };
  }

  /** Bytes `start` to `end - 1` of a file as it was found; null where it has changed since. */
  async part({ key, version }: StoredFile, start: number, end: number, what: string): Promise<StoredPart | null> {
    const { status, headers, body } = await this.client.call({
      method: 'GET',
      key,
      headers: { range: `bytes=${start}-${end - 1}`, ...(version === '' ? {} : { 'if-match': version }) },
      bytes: end - start,
      accepts: [404, 412, 416],
      what,
    });
    if (status !== 206 && status !== 200) return null;
    // What is encrypted by a key of somebody's own has another mark.
    const isOwnKey =
      headers.get('x-amz-server-side-encryption')?.startsWith('aws:kms') === true ||
      headers.has('x-amz-server-side-encryption-customer-algorithm');
    return { bytes: body, isMd5: !isOwnKey && /^"[0-9a-f]{32}"$/.test(version) };
  }

  /** A file that is not there may be one of a bucket that is not: looked at once. */
  private async requireBucket(key: string, what: string): Promise<void> {
    if (this.isBucketThere) return;
    const query = { 'list-type': '2', 'max-keys': '1', prefix: key };
    const answer = await this.client.call({ method: 'GET', query, accepts: [403, 404], what });
    if (answer.status === 404) throw failureOf(answer, what);
    this.isBucketThere = true;
  }
}
