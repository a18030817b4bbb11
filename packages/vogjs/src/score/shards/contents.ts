import { createHash } from 'node:crypto';
import { bytesOf } from '@vogjs/formats';
import type { Dataset } from '../data/dataset.js';
import type { Grid, Rows } from './cut.js';

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
