// A bucket in memory, which does wrong what a test asks for.
import { createHash } from 'node:crypto';
import { VogError } from '@vogjs/base';
import type { Bucket, StoredFile } from '@vogjs/run';
import type { Wanted } from './copies.js';

export interface MadeBucket extends Bucket {
  readonly contents: Map<string, Uint8Array>;
  /** Ranges that were read, as `key start-end`. */
  readonly reads: string[];
  /** Called before each read; what it throws the read throws, and what it gives is read. */
  onRead: (key: string, bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  /** Whether marks are MD5s of the content. */
  isMd5: boolean;
  /** Files by these keys, by their last names. */
  wanted(...keys: string[]): Wanted;
}

export const CHANGED = Date.parse('2026-02-03T04:05:06Z');

export function madeBucket(files: Readonly<Record<string, Uint8Array | string>>): MadeBucket {
  const contents = new Map(Object.entries(files).map(([key, content]) => [key, Uint8Array.from(Buffer.from(content))]));
  const fileOf = (key: string): StoredFile | null => {
    const content = contents.get(key);
    if (content === undefined) return null;
    const digest = createHash('md5').update(content).digest('hex');
    return { key, size: content.length, version: `"${digest}"`, changed: CHANGED };
  };
  const bucket: MadeBucket = {
    place: 's3://made',
    contents,
    reads: [],
    onRead: (_, bytes) => bytes,
    isMd5: true,
    async list(prefix) {
      const keys = [...contents.keys()].filter((key) => key.startsWith(prefix)).toSorted();
      return { files: keys.map((key) => fileOf(key) as StoredFile), isBusy: false };
    },
    find: async (key) => fileOf(key),
    async read(file, { start, end }) {
      bucket.reads.push(`${file.key} ${start}-${end}`);
      const now = fileOf(file.key);
      const bytes = await bucket.onRead(file.key, contents.get(file.key)?.slice(start, end) ?? new Uint8Array());
      return now?.version === file.version ? { bytes, isMd5: bucket.isMd5 } : null;
    },
    wanted(...keys) {
      const all = keys.map((key) => ({ name: key.split('/').at(-1) ?? '', file: fileOf(key) as StoredFile }));
      return { address: `s3://made/${keys[0]}`, bucket, files: all };
    },
  };
  return bucket;
}

export const away = (): VogError => new VogError('STORAGE_UNREACHABLE', 'The store is away.');
