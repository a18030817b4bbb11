import type { ScorableModel } from '@vogjs/core';
import type { RunWriter } from '@vogjs/run';
import type { Dataset } from '../data/dataset.js';
import { OodFollower } from './ood-follower.js';
import type { Ood } from './prepare-ood.js';
import { recordSets } from './record.js';

/** What is followed beside the data of a run. */
export interface Beside {
  /** They have a turn at each checkpoint. */
  readonly followers: readonly OodFollower[];
  /** Takes over the first checkpoints of a run that is gone on with. */
  restore(checkpoints: number): Promise<void>;
  /** Scores by the last model, and writes what was found into the run; null where there is nothing to score. */
  readonly end: ((model: ScorableModel, run: RunWriter) => Promise<void>) | null;
  /** What `--plan` tells. */
  readonly needs: { readonly examples: number; readonly stateBytes: number };
}

/** The out-of-distribution sets of a run, as far as it has any. */
export function besideOf(
  {
    ood,
    dataset,
    chunkSize,
  }: { readonly ood?: Ood; readonly dataset: Dataset; readonly chunkSize: number | undefined },
  folder: string,
  epochs: number,
  models: 'one' | 'any',
): Beside {
  if (ood === undefined) {
    return { followers: [], restore: async () => {}, end: null, needs: { examples: 0, stateBytes: 0 } };
  }
  const { sets, fingerprint, detectors } = ood;
  const metrics = detectors.trajectory;
  // The last checkpoint alone is nothing to follow.
  const follower =
    metrics.length === 0 ? null : new OodFollower({ sets, metrics, fingerprint, chunkSize }, folder, epochs, models);
  return {
    followers: follower === null ? [] : [follower],
    restore: async (checkpoints) => follower?.restore(checkpoints),
    end: (model, run) => recordSets(ood, follower, model, dataset, run, folder),
    needs: {
      examples: follower === null ? 0 : sets.reduce((sum, { size }) => sum + size, 0),
      stateBytes: follower?.stateBytes ?? 0,
    },
  };
}
