import { VogError } from '@vogjs/base';
import { estimateChunkSize } from '@vogjs/core/engine';
import type { Dataset } from '../data/dataset.js';
import type { Following } from '../follow/followed.js';
import { shapesOf } from '../training/batches.js';

/** One of several shards, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** What shards are parts of: the examples, each over all checkpoints; or the checkpoints, each over all examples. */
export type By = 'rows' | 'checkpoints';

/** Examples `start` to `end - 1`. */
export interface Rows {
  readonly start: number;
  readonly end: number;
}

/** How all examples are cut into chunks; a shard is some of these, whole. */
export interface Grid {
  readonly examples: number;
  readonly chunkSize: number;
  readonly chunks: number;
}

/** `{ index: 1, of: 4 }` of `1/4`. */
export function shardOf(text: string): Shard {
  const [index = 1, of = 1] = text.split('/').map(Number);
  return { index, of };
}

/** The grid that every shard of a run has: by its option, else by the shape of an example, which is the same everywhere. */
export function gridOf({ size, inputs }: Dataset, chunkSize: number | undefined): Grid {
  const chosen = Math.min(size, chunkSize ?? estimateChunkSize(shapesOf(inputs)));
  return { examples: size, chunkSize: chosen, chunks: Math.ceil(size / chosen) };
}

/** Scoring on that grid. */
export function onGrid(following: Following, { chunkSize }: Grid): Following {
  return { ...following, chunkSize };
}

/**
 * The rows of a shard: whole chunks, as evenly as they go.
 *
 * @throws VogError SHARD_UNFIT for more shards than chunks
 */
export function rowsOfShard({ examples, chunkSize, chunks }: Grid, { index, of }: Shard): Rows {
  if (of > chunks) {
    throw new VogError(
      'SHARD_UNFIT',
      `There are ${chunks} chunks of ${chunkSize} examples, too few for ${of} shards. ` +
        `Ask for ${chunks} shards or fewer, or give all of them a smaller --chunk-size.`,
    );
  }
  const at = (cut: number): number => Math.min(examples, Math.floor((cut * chunks) / of) * chunkSize);
  return { start: at(index - 1), end: at(index) };
}
