import { VogError } from '@vogjs/base';
import type { Scoring, Work } from '../follow/work.js';

/**
 * The checkpoints that are scored.
 *
 * @throws VogError SHARD_UNFIT for a training, which cannot be done in parts
 */
export function scoringOf({ scoring }: Work): Scoring {
  if (scoring !== undefined) return scoring;
  throw new VogError(
    'SHARD_UNFIT',
    'A training cannot be split: each step needs the one before. Shards and workers score saved checkpoints or logits: give --checkpoints or --logits.',
  );
}
