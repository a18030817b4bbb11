import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { joinStates } from '@vogjs/core/engine';
import type { Trajectories } from '@vogjs/run';
import { follow, windowsOf } from '../follow/followed.js';
import { scoredColumns } from '../follow/scored-columns.js';
import type { Scoring } from '../follow/work.js';
import { gridOf, onGrid } from './cut.js';
import type { FoundShard } from './gather.js';
import type { Joined } from './join.js';
import { readShard } from './shard-file.js';
import { withStates } from './shard-states.js';
import { workFolder } from './work-folder.js';

/**
 * Joins shards by checkpoints: their states by `Metric.merge`, in the order of the checkpoints, and what each checkpoint
 * said. Scores are those of an unsharded run but for rounding.
 *
 * @throws VogError SHARD_DAMAGED, SHARD_UNFIT, FILE_FAILED, DISK_FULL, and those of the storage
 */
export async function joinStretches(found: readonly FoundShard[], scoring: Scoring, folder: string): Promise<Joined> {
  const { checkpoints } = scoring;
  const following = onGrid(scoring.following, gridOf(scoring.following.dataset, scoring.following.chunkSize));
  const work = await workFolder(folder);
  const joined = join(work, 'joined.safetensors');
  const { tracker } = follow(following, checkpoints.count, 'any');
  try {
    await withStates(found, work, (states) =>
      joinStates(states, joined, { metrics: following.metrics, windows: windowsOf(following) }),
    );
    await tracker.load(joined);
    const { windows } = (found[0] as FoundShard).head;
    return {
      scores: await scoredColumns(tracker, windows),
      taken: found.flatMap(({ head }) => head.taken),
      skipped: found.flatMap(({ head }) => head.skipped),
      trajectories: await joinTrajectories(found),
    };
  } finally {
    tracker.dispose();
    await rm(joined, { force: true });
  }
}

async function joinTrajectories(found: readonly FoundShard[]): Promise<Trajectories> {
  const lists = { labelProbability: [], margin: [], loss: [], predicted: [] } as Record<string, unknown[]>;
  for (const file of found) {
    const { trajectories } = await readShard(file);
    for (const [field, list] of Object.entries(trajectories)) lists[field]?.push(...list);
  }
  return lists as unknown as Trajectories;
}
