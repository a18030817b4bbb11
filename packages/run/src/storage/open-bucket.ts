import { checkArgument, text } from '@vogjs/base';
import type { Bucket } from './bucket.js';

/**
 * Opens a bucket to read files that are no run. Keys, region and endpoint come from where `openStorage` has them.
 *
 * ```ts
 * const bucket = await openBucket('s3://bucket');
 * const { files } = await bucket.list('checkpoints/');
 * console.log(files.map(({ key, size }) => `${key}: ${size} bytes`));
 * ```
 *
 * @param place `s3://bucket`
 * @throws VogError STORAGE_ADDRESS
 */
export async function openBucket(place: string): Promise<Bucket> {
  checkArgument('openBucket', 'place', place, text);
  return (await import('./s3/s3-bucket.js')).s3Bucket(place);
}
