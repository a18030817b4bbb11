import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import { asCallback, fitCallback } from '@vogjs/callback';
import { autosave, progressBar, readSavedTraining } from '@vogjs/callback/node';
import type { Run, RunWriter } from '@vogjs/run';
import { percent } from '../../terminal/percent.js';
import type { Dataset } from '../data/dataset.js';
import { accuracyOf } from '../follow/accuracy.js';
import { follow, type Followed, type Following, STATE, takenBefore } from '../follow/followed.js';
import { explainInterrupt, savedSoFar } from '../follow/interrupt.js';
import type { TrajectoryMonitor } from '../follow/trajectory-monitor.js';
import type { Watch } from '../follow/work.js';
import { besideOf } from '../ood/beside.js';
import { stepsOf, trainingBatches } from './batches.js';
import { oneCycle } from './one-cycle.js';

/** How a network is trained. */
export interface Training {
  /** Makes the network anew, with the same weights each time. */
  readonly network: () => Promise<tf.LayersModel>;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  /** Whether the rate is ours to set: the network of somebody else brings its own. */
  readonly setsRate: boolean;
}

const LARGEST_RATE = 0.05;
/** So much of the labels learned by heart, twice in a row, ends a training: no later checkpoint tells more. */
const LEARNED = 0.999;

/** Trains and scores at each epoch's end; all is saved then, and a later call goes on behind it. */
export async function trainAndFollow(
  following: Following,
  training: Training,
  run: RunWriter,
  folder: string,
  before: Run | null,
  onEpoch: (line: string) => void,
  watch: Watch = () => () => {},
): Promise<Followed> {
  const { dataset } = following;
  const { epochs } = training;
  const model = await training.network();
  const beside = besideOf(following, folder, epochs, 'one');
  const { tracker, monitor } = follow(following, epochs, 'one', beside.followers);
  const state = join(folder, STATE);
  await mkdir(dirname(state), { recursive: true });
  const saved = before === null ? null : await readSavedTraining(state);
  let done = 0;
  if (saved !== null && before !== null) {
    await saved.restore({ model, tracker });
    await monitor.restore(before, tracker.checkpoints);
    await beside.restore(tracker.checkpoints);
    done = saved.epoch;
  }
  const steps = stepsOf(dataset.size, training.batchSize);
  const taken = takenBefore(before, tracker);
  const removeBar = progressBar(tracker);
  const unwatch = watch(tracker);
  const started = performance.now();
  const first = done;
  const stopListening = explainInterrupt(folder, () => savedSoFar(done, epochs, 'epochs'));
  // A window is a share of the whole training: it is filled only when that is gone through.
  const isLearned = (): boolean => following.windows === undefined && hasLearned(monitor, dataset);
  const told = asCallback({
    onEpochEnd: async (epoch, logs = {}) => {
      done = epoch + 1;
      const { probe_loss: loss = Number.NaN, probe_accuracy: accuracy = Number.NaN } = tracker.figures;
      const left = ((performance.now() - started) / 1000 / (done - first)) * (epochs - done);
      onEpoch(
        `epoch ${done}/${epochs}  loss ${loss.toFixed(3)}  labels predicted ${percent(accuracy)}  ` +
          (done < epochs ? `${Math.ceil(left)} s left` : 'done'),
      );
      await run.event('epoch', { epoch, trainingLoss: logs['loss'] ?? null, figures: tracker.figures });
      if (isLearned()) model.stopTraining = true;
    },
  });
  const kept = asCallback({
    onEpochEnd: async (epoch) => {
      if (tracker.checkpoints === taken.length) return;
      taken.push({ epoch, step: (epoch + 1) * steps });
      await run.update({ checkpoints: taken });
      await run.trajectories(monitor.trajectories);
    },
  });
  try {
    if (done < epochs && !isLearned()) {
      await model.fitDataset(
        trainingBatches(dataset, { rows: null, model, ...training }, () => done),
        {
          epochs,
          initialEpoch: done,
          verbose: 0,
          // In this order: scored, what it says kept, saved, and only then told.
          callbacks: [
            ...(training.setsRate ? [rate(model, steps, epochs)] : []),
            fitCallback(tracker, { logs: false }),
            kept,
            autosave({ path: state, tracker }),
            told,
          ],
        },
      );
    }
  } finally {
    stopListening();
    removeBar();
    await unwatch();
  }
  await beside.end?.(model, run);
  return { tracker, monitor, taken, model };
}

/** By what is kept of the last two checkpoints, so that a training that is gone on with ends where it would have. */
function hasLearned({ trajectories }: TrajectoryMonitor, { labels }: Dataset): boolean {
  const last = trajectories.predicted.slice(-2);
  return last.length === 2 && last.every((predicted) => accuracyOf(predicted, labels as Int32Array) >= LEARNED);
}

/** Sets the rate of each step, from where training stands: one that is gone on with has the same. */
export function rate(model: tf.LayersModel, steps: number, epochs: number): tf.CustomCallback {
  let epoch = 0;
  const optimizer = model.optimizer as unknown as { setLearningRate(rate: number): void };
  return asCallback({
    onEpochBegin: async (index) => {
      epoch = index;
    },
    onBatchBegin: async (batch) => {
      optimizer.setLearningRate(LARGEST_RATE * oneCycle(epoch * steps + batch, epochs * steps));
    },
  });
}

/** Seconds of one epoch, by its second few steps: the first load and compile. */
export async function timeEpoch(dataset: Dataset, training: Training): Promise<number> {
  const STEPS = 4;
  const size = Math.min(dataset.size, STEPS * training.batchSize);
  const rows = Int32Array.from({ length: size }, (_, row) => row);
  const model = await training.network();
  const batches = trainingBatches(dataset, { rows, model, ...training }, () => 0);
  await model.fitDataset(batches, { epochs: 1, verbose: 0 });
  const started = performance.now();
  await model.fitDataset(batches, { epochs: 1, verbose: 0 });
  const seconds = (performance.now() - started) / 1000;
  model.dispose();
  return (seconds * stepsOf(dataset.size, training.batchSize)) / stepsOf(size, training.batchSize);
}
