import { VogError } from '@vogjs/base';
import type { Bucket } from '../bucket.js';
import { parseS3 } from './address.js';
import { S3Client } from './client.js';
import { S3Files } from './files.js';
import { listFiles } from './list.js';
import type { S3Ways } from './s3-storage.js';
import { WAITS } from './waits.js';

/**
 * A bucket of an S3-compatible store, to read.
 *
 * @param place `s3://bucket`
 * @throws VogError STORAGE_ADDRESS
 */
export function s3Bucket(place: string, ways: Omit<S3Ways, 'pieceBytes'> = {}): Bucket {
  const { environment = globalThis.process?.env ?? {}, waits = WAITS } = ways;
  const address = parseS3(place);
  if (address.prefix !== '') {
    throw new VogError(
      'STORAGE_ADDRESS',
      'A bucket is opened whole: write s3://bucket, and name its files by their keys.',
    );
  }
  const client = new S3Client(address, environment, waits);
  const files = new S3Files(client);
  const whatOf = (key: string): string => `${address.shown}/${key} cannot be read`;
  return {
    place: address.shown,
    async list(prefix) {
      const what = `The files of ${address.shown}/${prefix} cannot be listed`;
      const listed = await listFiles(client, prefix, what);
      return { ...listed, files: listed.files.toSorted((a, b) => Number(a.key > b.key) - Number(a.key < b.key)) };
    },
    find: (key) => files.find(key, whatOf(key)),
    read: (file, { start, end }) => files.part(file, start, end, whatOf(file.key)),
  };
}
