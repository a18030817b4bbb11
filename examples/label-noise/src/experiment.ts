import { createTracker, type Scores } from '@vogjs/core';
import { evaluateDetection } from '@vogjs/statistics';
import {
  channelStatistics,
  FINAL_SCORES,
  type ImageProbe,
  type ImageSet,
  isDifficulty,
  learningRateAt,
  residualNetwork,
  scaledPixels,
  trackedMetrics,
  trainNetwork,
} from '@vogjs/example-shared';
import * as tf from '@tensorflow/tfjs';
import type { NoisyLabels } from './labels.js';
import type { LabelNoiseOptions } from './options.js';

/** What decides a run beside its labels and seed. */
export type RunSettings = Pick<LabelNoiseOptions, 'epochs' | 'width' | 'learningRate' | 'flips'>;

/** One training run, and every score of it. */
export interface Run {
  readonly seed: number;
  readonly scores: readonly Scores[];
  /** Share of the training images whose clean label, and whose given label, the trained model predicts. */
  readonly accuracy: { readonly clean: number; readonly given: number };
  readonly seconds: number;
}

/** How well a score finds the wrong labels of a run. */
export interface Detected {
  readonly auroc: number;
  readonly averagePrecision: number;
}

const BATCH_SIZE = 64;

/**
 * Trains on the given labels and scores the training images at every epoch.
 *
 * @param whenTrained gets the trained model before it is disposed, for what needs one
 */
export async function trainAndScore(
  images: ImageSet,
  { given }: NoisyLabels,
  seed: number,
  settings: RunSettings,
  whenTrained?: (model: tf.LayersModel, probe: ImageProbe) => Promise<void>,
): Promise<Run> {
  const started = performance.now();
  const { epochs, width, learningRate, flips } = settings;
  const data = scaledPixels(images, channelStatistics(images));
  const [, ...shape] = images.shape;
  const model = residualNetwork({ shape, classes: images.classNames.length, width, seed });
  const recipe = { epochs, batchSize: BATCH_SIZE, learningRate, schedule: 'cosine', flips, seed } as const;
  const probe = { inputs: { data, shape: [...images.shape] }, labels: given, classNames: images.classNames };
  const metrics = trackedMetrics({
    learningRate: ({ epochsCompleted }) => learningRateAt(recipe, epochsCompleted / epochs),
  });
  const tracker = createTracker({ ...probe, metrics, total: { epochs } });
  try {
    await trainNetwork(model, { data, shape: images.shape, labels: given }, { ...recipe, tracker });
    const scores: Scores[] = [];
    for (const metric of tracker.metrics) {
      scores.push(...Object.values(await tracker.columns(metric)).filter(isDifficulty));
    }
    for (const { score } of FINAL_SCORES) scores.push(await score(model, probe));
    const predicted = await predict(model, data, images.shape);
    const accuracy = { clean: share(predicted, images.labels), given: share(predicted, given) };
    await whenTrained?.(model, probe);
    return { seed, scores, accuracy, seconds: (performance.now() - started) / 1000 };
  } finally {
    tracker.dispose();
    model.dispose();
  }
}

/** AUROC and average precision of each score, the positive class being the wrong labels. */
export function detect({ scores }: Run, { wrong }: NoisyLabels): Detected[] {
  return scores.map((score) => {
    const { auroc, averagePrecision } = evaluateDetection(score, wrong);
    return { auroc, averagePrecision };
  });
}

async function predict(model: tf.LayersModel, data: Float32Array, shape: ImageSet['shape']): Promise<Int32Array> {
  const [size, ...rest] = shape;
  const length = data.length / size;
  const predicted = new Int32Array(size);
  for (let start = 0; start < size; start += 500) {
    const count = Math.min(500, size - start);
    const classes = tf.tidy(() => {
      const batch = tf.tensor(data.subarray(start * length, (start + count) * length), [count, ...rest]);
      return tf.argMax(model.predictOnBatch(batch) as tf.Tensor, 1);
    });
    predicted.set(await classes.data(), start);
    classes.dispose();
  }
  return predicted;
}

function share(predicted: Int32Array, labels: Int32Array): number {
  return predicted.reduce((sum, label, i) => sum + Number(label === labels[i]), 0) / labels.length;
}
