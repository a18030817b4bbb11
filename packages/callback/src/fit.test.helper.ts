// What the tests of this package share: a small model, data whose batches do not come out even, and ears on a tracker.
import * as tf from '@tensorflow/tfjs';
import { seededRandom } from '@vogjs/core';
import { SEED } from '@vogjs/testing';

/** 7 examples, 3 features, 2 classes: with batches of 3 an epoch has 3 steps, the last of one example. */
export const SIZE = 7;
export const FIT = { batchSize: 3, shuffle: false, verbose: 0 } as const;

export interface Scene {
  readonly model: tf.Sequential;
  readonly xs: tf.Tensor2D;
  readonly ys: tf.Tensor2D;
  readonly labels: Int32Array;
  /** The training data in batches of 3. */
  readonly dataset: tf.data.Dataset<{ xs: tf.Tensor; ys: tf.Tensor }>;
}

const rowsOf = (values: Float32Array, width: number): number[][] =>
  Array.from({ length: SIZE }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);

export function sceneOf(salt: number, learningRate = 0.3): Scene {
  const random = seededRandom(SEED + 7919 * salt);
  const values = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, activation: 'tanh', inputShape: [3] }),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  model.setWeights(model.getWeights().map((weight) => tf.tensor(values(weight.size), weight.shape)));
  model.compile({ optimizer: tf.train.sgd(learningRate), loss: 'categoricalCrossentropy' });
  const inputs = values(SIZE * 3);
  const xs = tf.tensor2d(inputs, [SIZE, 3]);
  const labels = Int32Array.from({ length: SIZE }, () => random.integer(2));
  const oneHot = Float32Array.from({ length: SIZE * 2 }, (_, i) => (labels[i >> 1] === i % 2 ? 1 : 0));
  const ys = tf.tensor2d(oneHot, [SIZE, 2]);
  const rows = tf.data.zip({ xs: tf.data.array(rowsOf(inputs, 3)), ys: tf.data.array(rowsOf(oneHot, 2)) });
  return { model, xs, ys, labels, dataset: rows.batch(3) as unknown as Scene['dataset'] };
}

export async function weightsOf(model: tf.LayersModel): Promise<number[]> {
  const weights = await Promise.all(model.getWeights().map((weight) => weight.data()));
  return weights.flatMap((weight) => [...weight]);
}

/** What `console.warn` was given while `run` ran. */
export async function warningsDuring(run: () => Promise<unknown>): Promise<string[]> {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (...parts: unknown[]) => void warnings.push(parts.join(' '));
  try {
    await run();
    await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    console.warn = warn;
  }
  return warnings;
}

/** What `run` rejects with; undefined when it does not. */
export async function rejectionOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return undefined;
}
