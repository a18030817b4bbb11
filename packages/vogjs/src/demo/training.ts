import { asCallback, fitCallback } from '@vogjs/callback';
import { autosave, progressBar } from '@vogjs/callback/node';
import { createTracker, logitsOf, stages, type Tracker } from '@vogjs/core';
import type { SelectedBackend } from '@vogjs/core/node';
import { aum, confidentLearning, el2n, margin, meanLoss, vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { CLASS_NAMES, SIDE, type NoisyImages } from './images.js';
import { createModel, trainingBatches } from './model.js';
import type { DemoOptions } from './options.js';
import { type EpochRecord, type RunIdentity, type RunNotes, type SavedRun, savedRunPath } from './saved-run.js';

/** What training leaves behind. */
export interface TrainedRun {
  readonly tracker: Tracker;
  readonly epochs: readonly EpochRecord[];
  /** The class that the trained model predicts for each image. */
  readonly predictions: Int32Array;
  /** Largest number of tensors alive at the end of any batch or scored chunk. */
  readonly peakTensors: number;
}

/** Called as each epoch ends, once its state is on the disk. */
export type OnEpoch = (record: EpochRecord) => void;

/** Trains the demo's model, scores every image at every epoch, and saves after each, so that nothing is ever lost. */
export async function train(
  options: DemoOptions,
  images: NoisyImages,
  backend: SelectedBackend,
  saved: SavedRun | null,
  onEpoch: OnEpoch,
): Promise<TrainedRun> {
  const model = createModel(options.seed);
  const tracker = createTracker({
    inputs: { data: images.inputs, shape: [images.size, SIDE, SIDE, 1] },
    labels: images.givenLabels,
    classNames: CLASS_NAMES,
    // VoG of the loss finds wrong labels; VoG of the logit, the paper's default, is tracked beside it to compare.
    // The others share its forward pass, and tell the run's issues.
    metrics: [
      vog({ activation: 'loss' }),
      vog({ name: 'vog-logit' }),
      meanLoss(),
      aum(),
      el2n(),
      margin(),
      confidentLearning(),
    ],
    windows: stages(3),
    total: { epochs: options.epochs },
  });
  await saved?.restore({ model, tracker });
  const epochs: EpochRecord[] = [...(saved?.epochs ?? [])];
  const peak = new PeakTensors();
  tracker.on('progress', () => peak.sample());
  const removeBar = progressBar(tracker);

  const identity: RunIdentity = identityOf(options, backend);
  let epoch = epochs.length;
  let started = performance.now();
  const recorded = asCallback({
    onEpochEnd: async (index, logs = {}) => {
      const { loss, acc, vog_mean: vogMean } = logs as Record<string, number>;
      epochs.push({
        epoch: index,
        loss: loss ?? Number.NaN,
        accuracy: acc ?? Number.NaN,
        vogMean: nullIfNaN(vogMean ?? Number.NaN),
        seconds: (performance.now() - started) / 1000,
      });
      epoch = index + 1;
    },
  });
  const notes = (): RunNotes => ({ identity, epochs });
  const saving = autosave({ path: savedRunPath(options.out), tracker, extra: notes });
  const told = asCallback({
    onEpochEnd: async () => {
      onEpoch(epochs.at(-1) as EpochRecord);
      started = performance.now();
    },
  });
  if (epoch < options.epochs) {
    await model.fitDataset(
      trainingBatches(images, options.seed, () => epoch),
      {
        epochs: options.epochs,
        initialEpoch: epoch,
        verbose: 0,
        // In this order: each epoch is scored, then noted, then saved, and only then told.
        callbacks: [fitCallback(tracker), peak, recorded, saving, told],
      },
    );
  }
  removeBar();
  const predictions = await predict(model, images);
  return { tracker, epochs, predictions, peakTensors: peak.value };
}

/** Options that decide the numbers: a resumed run must share them. */
function identityOf({ epochs, examples, noise, seed }: DemoOptions, { backend }: SelectedBackend): RunIdentity {
  return { epochs, examples, noise, seed, backend };
}

class PeakTensors extends tf.Callback {
  value = 0;

  override async onBatchEnd(): Promise<void> {
    this.sample();
  }

  sample(): void {
    this.value = Math.max(this.value, tf.memory().numTensors);
  }
}

async function predict(model: tf.LayersModel, { inputs, size }: NoisyImages): Promise<Int32Array> {
  const logits = logitsOf(model);
  const width = SIDE * SIDE;
  const predictions = new Int32Array(size);
  for (let start = 0; start < size; start += 500) {
    const count = Math.min(500, size - start);
    const classes = tf.tidy(() =>
      tf.argMax(logits(tf.tensor(inputs.subarray(start * width, (start + count) * width), [count, SIDE, SIDE, 1])), 1),
    );
    predictions.set(await classes.data(), start);
    classes.dispose();
  }
  return predictions;
}

/** JSON has no NaN. */
function nullIfNaN(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
