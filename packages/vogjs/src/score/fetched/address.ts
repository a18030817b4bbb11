import { VogError } from '@vogjs/base';
import { type Bucket, openBucket } from '@vogjs/run';

/** Something in a store, as it was typed. */
export interface Addressed {
  readonly bucket: Bucket;
  /** What comes after the bucket: a key, the beginning of one, or a pattern. */
  readonly key: string;
}

/**
 * Opens the bucket of `s3://bucket/key`.
 *
 * @throws VogError STORAGE_ADDRESS
 */
export async function openAddress(address: string): Promise<Addressed> {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(address) ?? [];
  return { bucket: await openBucket(`s3://${bucket}`), key };
}

/** Whether a key can be the path of a file: no part of it is empty, leads up or holds what no file's name has. */
export function isFileName(key: string): boolean {
  const bad = globalThis.process.platform === 'win32' ? /[\\:*?"<>|\p{Cc}]/u : /\0/;
  return key.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !bad.test(part));
}

/** The error of something that is not in a store. */
export function notThere(address: string, why: string): VogError {
  return new VogError('STORAGE_ABSENT', `${address} ${why}. Check the address, and that all of it was copied there.`);
}
