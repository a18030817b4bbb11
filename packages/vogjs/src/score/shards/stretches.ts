import { VogError } from '@vogjs/base';
import type { Metric } from '@vogjs/core';
import type { Shard } from './cut.js';

/** Checkpoints `start` to `end - 1`, of so many. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly of: number;
}

/**
 * The checkpoints of a shard by checkpoints: as evenly as they go.
 *
 * @throws VogError SHARD_UNFIT for more shards than checkpoints
 */
export function stretchOfShard(checkpoints: number, { index, of }: Shard): Stretch {
  if (of > checkpoints) {
    throw new VogError(
      'SHARD_UNFIT',
      `There are ${checkpoints} checkpoints, too few for ${of} shards. Ask for ${checkpoints} shards or fewer, or split the examples: --by rows.`,
    );
  }
  const at = (cut: number): number => Math.floor((cut * checkpoints) / of);
  return { start: at(index - 1), end: at(index), of: checkpoints };
}

/**
 * Refuses metrics whose states of two stretches of checkpoints cannot be joined.
 *
 * @throws VogError SHARD_UNFIT, which names them
 */
export function refuseUnmergeable(metrics: readonly Metric[]): void {
  const names = metrics.filter(({ merge }) => merge === undefined).map(({ name }) => name);
  if (names.length === 0) return;
  throw new VogError(
    'SHARD_UNFIT',
    `--by checkpoints needs merge, and ${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} none. ` +
      'Leave it out by --metrics, give it a merge, or split the examples: --by rows.',
  );
}
