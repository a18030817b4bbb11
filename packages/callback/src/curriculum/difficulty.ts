import type { Scores } from '@vogjs/core';
import { shuffled, STREAM, streamOf } from './random-streams.js';

/** How hard the training examples are, and in which order. */
export interface Difficulty {
  /** Examples from easiest to hardest, `[N]`; equal ones in a random order that the seed fixes. */
  readonly easiestFirst: Int32Array;
  /** Percentile of each example, 0 (easiest) to 100, ties sharing their mean; 50 where it has no score. */
  readonly percentiles: Float32Array;
  /** Examples whose score is NaN: they count as of median difficulty. */
  readonly unscored: number;
}

/** Ranks training examples by their scores; null when not one of them has a score yet. */
export function difficultyOf(scores: Scores, seed: number): Difficulty | null {
  const unscored = scores.values.reduce((count, value) => count + Number(Number.isNaN(value)), 0);
  if (unscored === scores.values.length) return null;
  const percentiles = scores.percentiles().map((percentile) => (Number.isNaN(percentile) ? 50 : percentile));
  // Sorting is stable: the order before it decides between equals. A data set is often sorted by class, and its own
  // order would then let some classes in before others.
  const easiestFirst = randomRanking(scores.values.length, seed).sort((a, b) => percentiles[a]! - percentiles[b]!);
  return { easiestFirst, percentiles, unscored };
}

/** A random order of all examples, the same in every epoch: the share that a pace allows only ever grows. */
export function randomRanking(size: number, seed: number): Int32Array {
  return shuffled(
    Int32Array.from({ length: size }, (_, i) => i),
    streamOf(seed, STREAM.ties),
  );
}
