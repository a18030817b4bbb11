import type * as tf from '@tensorflow/tfjs';
import { createTracker, type Metric, type Provided, stages, type Tracker, type Windows } from '@vogjs/core';
import type { Run, RunCheckpoint, ScoresToWrite } from '@vogjs/run';
import type { Dataset } from '../data/dataset.js';
import type { Ood } from '../ood/prepare-ood.js';
import { type Follower, TrajectoryMonitor } from './trajectory-monitor.js';

/** How a run is followed. */
export interface Following {
  readonly dataset: Dataset;
  readonly metrics: readonly Metric[];
  readonly windows: number | undefined;
  readonly chunkSize: number | undefined;
  readonly provide?: Provided;
  /** Out-of-distribution sets that are scored beside the data. */
  readonly ood?: Ood;
}

/** A tracker, and what was kept of each checkpoint beside its scores. */
export interface Followed {
  readonly tracker: Tracker;
  readonly monitor: TrajectoryMonitor;
  /** Checkpoints that count in the scores: those that diverged do not. */
  readonly taken: readonly RunCheckpoint[];
  /** The model as it was at the end; features are taken of it. */
  readonly model?: tf.LayersModel;
  /** Probabilities of networks that have not trained on the example. */
  readonly heldOut?: readonly ScoresToWrite[];
}

/** File of the tracker's state in a run that is under way. */
export const STATE = 'states/tracker.safetensors';

/** The checkpoints of a run that is gone on with, as many as the state of its tracker has. */
export function takenBefore(before: Run | null, { checkpoints }: Tracker): RunCheckpoint[] {
  return before?.manifest.checkpoints.slice(0, checkpoints) ?? [];
}

/** The windows of a run: equal stretches of training. */
export function windowsOf({ windows }: Pick<Following, 'windows'>): Windows {
  return windows === undefined ? {} : stages(windows);
}

/** A tracker over the data, with a monitor that keeps trajectories and gives others their turn. */
export function follow(
  { dataset, metrics, windows, chunkSize, provide }: Following,
  epochs: number,
  models: 'one' | 'any',
  followers: readonly Follower[] = [],
): {
  tracker: Tracker;
  monitor: TrajectoryMonitor;
} {
  const monitor = new TrajectoryMonitor(dataset, chunkSize, followers);
  const tracker = createTracker({
    inputs: dataset.inputs,
    labels: dataset.labels,
    ids: dataset.ids,
    classNames: dataset.classNames,
    metrics,
    monitors: [monitor],
    total: { epochs },
    models,
    onDiverged: 'skip',
    windows: windowsOf({ windows }),
    ...(chunkSize === undefined ? {} : { chunkSize }),
    ...(provide === undefined ? {} : { provide }),
  });
  return { tracker, monitor };
}
