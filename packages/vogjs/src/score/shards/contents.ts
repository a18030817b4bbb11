import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { bytesOf } from '@vogjs/formats';
import { fileStep } from '@vogjs/formats/files';
import type { Dataset } from '../data/dataset.js';
import type { Grid, Rows } from './cut.js';

/** SHA-256 of texts, in hexadecimal; where one ends counts. */
export function hashOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}

/** Hash of what files hold, and all files of folders, by their names: the same on every machine that has a copy. */
export async function contentOf(paths: readonly string[]): Promise<string> {
  const found: string[] = [];
  for (const path of paths) {
    const isFolder = (await fileStep('read', path, () => stat(path))).isDirectory();
    const names = isFolder ? (await readdir(path)).toSorted() : [];
    found.push(
      basename(path),
      isFolder ? await contentOf(names.map((name) => join(path, name))) : await fileHash(path),
    );
  }
  return hashOf(found);
}

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await fileStep('read', path, () => pipeline(createReadStream(path), hash));
  return hash.digest('hex');
}

/** Hash of the numbers that a model is given of these rows. */
export async function rowsContent({ inputs }: Dataset, { start, end }: Rows, { chunkSize }: Grid): Promise<string> {
  const hash = createHash('sha256');
  for (let from = start; from < end; from += chunkSize) {
    const read = await inputs.read(from, Math.min(end, from + chunkSize));
    for (const part of listOf(read)) hash.update(bytesOf(Float32Array.from(part)));
  }
  return hash.digest('hex');
}

/** One array of numbers an input of the model. */
function listOf(read: unknown): ArrayLike<number>[] {
  return (Array.isArray(read) && typeof read[0] !== 'number' ? read : [read]) as ArrayLike<number>[];
}
