import type { Elsewhere } from '@vogjs/core';
import { partOf } from '../data/part.js';
import { follow, type Following } from '../follow/followed.js';
import { type Grid, onGrid, type Rows } from './cut.js';

/** What it finds is no news: the shard that holds these examples says it. */
const SILENT = { warn(): void {} };

/**
 * The examples of all other shards, as far as a checkpoint needs them: one that gives NaN for every example of a shard
 * counts if it gives a number for anybody. They are looked at chunk by chunk until somebody is found.
 */
export function elsewhere(following: Following, { start, end }: Rows, grid: Grid): Elsewhere {
  const { dataset } = following;
  return {
    async isAlive(model) {
      for (let from = 0; from < grid.examples; from += grid.chunkSize) {
        if (from >= start && from < end) continue;
        const chunk = partOf(dataset, from, Math.min(grid.examples, from + grid.chunkSize));
        const asked = onGrid({ ...following, windows: undefined, dataset: chunk, provide: { logger: SILENT } }, grid);
        const { tracker } = follow(asked, 1, 'any');
        try {
          await tracker.checkpoint(model, { epoch: 0, step: 1 });
          if (tracker.checkpoints > 0) return true;
        } finally {
          tracker.dispose();
        }
      }
      return false;
    },
  };
}
