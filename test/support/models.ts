import type { SeededRandom } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { randomiseWeights } from './random.js';

/** Odd and even sides, two channels: pools meet a border. */
export const IMAGE = [5, 6, 2] as const;
export const CLASSES = 3;

/**
 * Convolution, relu, dense, softmax: layers that every backend differentiates. Where sums of other orders are compared, let it
 * be tanh: a relu so near to 0 that rounding moves it across has two slopes.
 */
export function smallConvnet(random: SeededRandom, activation: 'relu' | 'tanh' = 'relu'): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 3, kernelSize: 3, activation, inputShape: [...IMAGE] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: CLASSES, activation: 'softmax' }),
    ],
  });
  randomiseWeights(model, random);
  compile(model);
  return model;
}

/** Dense, tanh, dense, softmax over vectors of 4. */
export function smallDense(random: SeededRandom, width = 4): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: 'tanh', inputShape: [width] }),
      tf.layers.dense({ units: CLASSES, activation: 'softmax' }),
    ],
  });
  randomiseWeights(model, random);
  compile(model);
  return model;
}

export function compile(model: tf.LayersModel, learningRate = 0.2): void {
  model.compile({ optimizer: tf.train.sgd(learningRate), loss: 'categoricalCrossentropy' });
}

/** Moves every weight by a random step, in place of training: quick, and the same for two models with the same seed. */
export function nudge(model: tf.LayersModel, random: SeededRandom, scale = 0.2): void {
  tf.tidy(() => {
    const next = model.getWeights().map((weight) => {
      const step = Float32Array.from({ length: weight.size }, () => random.normal() * scale);
      return tf.add(weight, tf.tensor(step, weight.shape));
    });
    model.setWeights(next);
  });
}

/** A copy of all weights, to see that nothing has trained. */
export async function weightsOf(model: tf.LayersModel): Promise<number[]> {
  const weights = await Promise.all(model.getWeights().map((weight) => weight.data()));
  return weights.flatMap((weight) => [...weight]);
}

export function oneHotRows(labels: Int32Array, classes = CLASSES): tf.Tensor2D {
  const rows = new Float32Array(labels.length * classes);
  for (const [i, label] of labels.entries()) rows[i * classes + label] = 1;
  return tf.tensor2d(rows, [labels.length, classes]);
}
