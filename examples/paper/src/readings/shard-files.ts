import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '@vogjs/core/node';
import { type ImageSet, UsageError } from '@vogjs/example-shared';
import { readSafetensors, writeSafetensors } from '@vogjs/formats';
import type { CheckpointFolder } from '../train/checkpoints.js';
import type { Columns } from './shard.js';

const VERSION = '1';

/** What makes the scores of a shard what they are. */
export function identityOf({ dataset, hash: weights }: CheckpointFolder, images: ImageSet): Record<string, string> {
  const hash = createHash('sha256').update(images.pixels).update(Uint8Array.from(images.labels)).digest('hex');
  return { version: VERSION, dataset, weights, images: hash };
}

/** The scores of a shard that was done before; null where it was not. */
export async function readShard(path: string, identity: Record<string, string>): Promise<Columns | null> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (bytes === null) return null;
  const { tensors, metadata } = readSafetensors(bytes);
  const other = Object.keys(identity).filter((key) => metadata[key] !== identity[key]);
  if (other.length > 0) {
    throw new UsageError(
      `${path} holds scores of another run: ${other.join(', ')} differ. Give --out another folder, or remove it.`,
    );
  }
  return Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data as Float32Array]));
}

export async function writeShard(path: string, identity: Record<string, string>, columns: Columns): Promise<void> {
  const tensors = Object.entries(columns).map(([name, data]) => [name, { data, shape: [data.length] }] as const);
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomically(path, writeSafetensors(Object.fromEntries(tensors), identity));
}

/** Where the scores of the images from `start` on are kept. */
export function shardPath(folder: string, what: string, start: number): string {
  return join(folder, `${what}-${String(start).padStart(6, '0')}.safetensors`);
}
