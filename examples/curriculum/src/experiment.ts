import { curriculum } from '@vogjs/callback';
import { createTracker } from '@vogjs/core';
import { learningRateAt } from '@vogjs/example-shared';
import * as tf from '@tensorflow/tfjs';
import { looksAtScores, type Method, trackedMetrics } from './methods.js';
import { smallNetwork } from './network.js';
import type { CurriculumExampleOptions } from './options.js';
import type { TrainingData } from './training-data.js';

/** What decides a run beside its method, data and seed. */
export type RunSettings = Pick<CurriculumExampleOptions, 'epochs' | 'network' | 'width' | 'learningRate' | 'batchSize'>;

/** One training run. */
export interface Run {
  readonly seed: number;
  /** Share of the test images whose class the model names, after each epoch. */
  readonly accuracy: readonly number[];
  /** Share of wrong labels among the examples shown, by epoch. */
  readonly wrongShown: readonly number[];
  /** Share of the training examples shown at least once, by epoch. */
  readonly shown: readonly number[];
  readonly steps: number;
  readonly seconds: number;
}

const TEST_CHUNK = 500;

/**
 * Trains with one method. An epoch has as many steps as one pass over the whole set takes, whatever is shown, so that
 * all methods take the same number of steps of the same size. Runs of one seed begin with the same weights.
 */
export async function train(data: TrainingData, method: Method, seed: number, settings: RunSettings): Promise<Run> {
  const started = performance.now();
  const { epochs, network, width, learningRate, batchSize } = settings;
  const [size, ...shape] = data.train.shape as [number, number, number, number];
  const model = smallNetwork(network, { shape, classes: data.classes, width, seed });
  const optimizer = tf.train.momentum(learningRate, 0.9);
  const inputs = tf.tensor(data.train.data, [size, ...shape]);
  const tracker = createTracker({ inputs, labels: data.train.labels, metrics: trackedMetrics(), total: { epochs } });
  const order = curriculum(tracker, { ...method.options, seed });
  const stepsPerEpoch = Math.floor(size / batchSize);
  const run = { accuracy: [] as number[], wrongShown: [] as number[], shown: [] as number[] };
  let step = 0;
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const seen = new Uint8Array(size);
      let wrong = 0;
      for await (const { indices, weights } of order.batches(epoch, { batchSize, stepsPerEpoch })) {
        const recipe = { learningRate, schedule: 'cosine' } as const;
        optimizer.setLearningRate(learningRateAt(recipe, step / (epochs * stepsPerEpoch)));
        trainOnBatch(model, optimizer, inputs, data, indices, weights);
        for (const index of indices) {
          seen[index] = 1;
          wrong += data.wrong[index] as number;
        }
        step += 1;
      }
      if (looksAtScores(method)) await tracker.checkpoint(model, { epoch, step });
      run.accuracy.push(await testAccuracy(model, data));
      run.wrongShown.push(wrong / (stepsPerEpoch * batchSize));
      run.shown.push(seen.reduce((sum, flag) => sum + flag, 0) / size);
    }
    return { seed, ...run, steps: step, seconds: (performance.now() - started) / 1000 };
  } finally {
    tracker.dispose();
    optimizer.dispose();
    model.dispose();
    inputs.dispose();
  }
}

function trainOnBatch(
  model: tf.LayersModel,
  optimizer: tf.Optimizer,
  inputs: tf.Tensor,
  { train: { labels }, classes }: TrainingData,
  indices: Int32Array,
  weights: Float32Array,
): void {
  const oneHot = new Float32Array(indices.length * classes);
  for (const [row, index] of indices.entries()) oneHot[row * classes + (labels[index] as number)] = 1;
  tf.tidy(() => {
    const x = tf.gather(inputs, tf.tensor1d(indices, 'int32'));
    const targets = tf.tensor2d(oneHot, [indices.length, classes]);
    const weight = tf.tensor1d(weights);
    optimizer.minimize(() => {
      const logits = model.apply(x, { training: true }) as tf.Tensor2D;
      const losses = tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1));
      return tf.mean(tf.mul(losses, weight));
    });
  });
}

async function testAccuracy(model: tf.LayersModel, { test }: TrainingData): Promise<number> {
  const [size, ...shape] = test.shape;
  const length = test.data.length / size;
  let right = 0;
  for (let start = 0; start < size; start += TEST_CHUNK) {
    const count = Math.min(TEST_CHUNK, size - start);
    const predicted = tf.tidy(() => {
      const x = tf.tensor(test.data.subarray(start * length, (start + count) * length), [count, ...shape]);
      return tf.argMax(model.predictOnBatch(x) as tf.Tensor, 1);
    });
    const classes = await predicted.data();
    predicted.dispose();
    for (let i = 0; i < count; i++) right += Number(classes[i] === test.labels[start + i]);
  }
  return right / size;
}
