import { VogError } from '@vogjs/base';
import { textOf } from './xml.js';

/** What a store answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** The store's own word of what is wrong, such as `NoSuchKey`. Its message is left alone: it may repeat keys. */
export function wordOf({ body }: Answer): string {
  const word = body.length > 100_000 ? null : textOf(new TextDecoder().decode(body), 'Code');
  return word !== null && /^[A-Z](?=.*[a-z])[A-Za-z\d]{1,63}$/.test(word) ? word : '';
}

const PASSING = new Set([408, 429, 500, 502, 503, 504]);
/** Words that come with other numbers, and pass. */
const PASSING_WORDS = new Set([
  'RequestTimeout',
  'SlowDown',
  'InternalError',
  'ServiceUnavailable',
  'OperationAborted',
]);

/** Whether to ask again. */
export function isPassing(answer: Answer): boolean {
  return PASSING.has(answer.status) || PASSING_WORDS.has(wordOf(answer)) || isCorrupted(answer);
}

/** The store has received other bytes than were sent. */
function isCorrupted(answer: Answer): boolean {
  return ['XAmzContentSHA256Mismatch', 'BadDigest', 'IncompleteBody'].includes(wordOf(answer));
}

const FULL = /Quota|StorageFull|InsufficientStorage|TooManyObjects|EntityTooLarge|CapacityExceeded/;
const KEYS = /^(InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|TokenRefreshRequired)$/;

/** The error of an answer that is no success. `what` completes "cannot": `'be read'`. */
export function failureOf(answer: Answer, what: string): VogError {
  const { status, headers } = answer;
  const word = wordOf(answer);
  const said = ` The store says ${[String(status), word].filter((part) => part !== '').join(' ')}.`;
  const error = (code: VogError['code'], advice: string): VogError => new VogError(code, `${what}: ${advice}${said}`);
  if (status === 507 || FULL.test(word)) {
    return error(
      'STORAGE_FULL',
      'the store is full, or a quota is used up. Make room, and give the same command again.',
    );
  }
  if (word === 'NoSuchBucket') {
    return error('STORAGE_ABSENT', 'there is no such bucket. Check its name and the endpoint, or make it first.');
  }
  if (word === 'RequestTimeTooSkewed') {
    return error('STORAGE_CREDENTIALS', "this machine's clock is wrong by more than the store allows. Set it.");
  }
  if (KEYS.test(word) || status === 401) {
    const isOld = word === 'ExpiredToken' || word === 'TokenRefreshRequired';
    return error(
      'STORAGE_CREDENTIALS',
      isOld
        ? 'the keys have expired. Fetch new ones, and give the same command again.'
        : 'the store does not know these keys. Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, or the profile, and the endpoint.',
    );
  }
  const region = headers.get('x-amz-bucket-region');
  if (status === 301 || status === 307 || word === 'AuthorizationHeaderMalformed') {
    const where = region !== null && /^[a-z0-9-]{1,40}$/.test(region) ? region : 'that of the bucket';
    return error('STORAGE_ADDRESS', `the bucket is in another region. Set AWS_REGION to ${where}.`);
  }
  if (status === 403 || status === 405) {
    return error(
      'STORAGE_FORBIDDEN',
      'the store does not allow it: the bucket is read-only, or these keys lack a right. Reading needs s3:GetObject and s3:ListBucket, ' +
        'writing s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload as well.',
    );
  }
  if (isCorrupted(answer)) {
    return error(
      'STORAGE_DAMAGED',
      'the store received other bytes than were sent, each time. Look at the network between.',
    );
  }
  if (isPassing(answer)) {
    return error('STORAGE_UNREACHABLE', 'the store failed each time it was asked. Give the same command again later.');
  }
  return error(
    'STORAGE_REFUSED',
    status === 501
      ? 'the store lacks a part of S3 that is needed, such as conditional writes (If-None-Match, If-Match).'
      : 'the store refused. Check the address and the endpoint, and that it is a store that speaks S3.',
  );
}
