// The same scoring in Node and in a page: a small network with weights from a seed, moved by seeded steps in place of training.
import { seededRandom, type SeededRandom } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { createTracker } from '@vogjs/core';
import { aum, el2n, vog } from '@vogjs/metrics';
import { seedWeights } from '../networks.js';

/** Grey images of 28 x 28 as bytes, one after the other, and their classes. */
export interface Images {
  readonly pixels: readonly number[];
  readonly labels: readonly number[];
}

/** Convolutions and max pools over images with a plain background: windows of equal pixels are the rule. */
function network(): tf.LayersModel {
  const { layers } = tf;
  return tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [28, 28, 1], filters: 4, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
}

function moveWeights(model: tf.LayersModel, random: SeededRandom): void {
  tf.tidy(() => {
    const next = model.getWeights().map((weight) => {
      const step = Float32Array.from({ length: weight.size }, () => 0.02 * random.normal());
      return tf.add(weight, tf.tensor(step, weight.shape));
    });
    model.setWeights(next);
  });
}

/** Scores of three checkpoints by metric, on the active backend. */
export async function scoresOf({ pixels, labels }: Images, seed: number): Promise<Record<string, number[]>> {
  const model = seedWeights(network(), seed);
  const inputs = tf.tensor4d(
    Float32Array.from(pixels, (pixel) => pixel / 255),
    [labels.length, 28, 28, 1],
  );
  const metrics = [vog(), vog({ name: 'vog-loss', activation: 'loss' }), el2n({ name: 'el2n' }), aum({ name: 'aum' })];
  const tracker = createTracker({ inputs, labels: Int32Array.from(labels), metrics, chunkSize: 10 });
  const random = seededRandom(seed + 1);
  for (let epoch = 0; epoch < 3; epoch++) {
    await tracker.checkpoint(model, { epoch });
    moveWeights(model, random);
  }
  const scores: Record<string, number[]> = {};
  for (const metric of tracker.metrics) scores[metric] = [...(await tracker.scores(metric)).values];
  tracker.dispose();
  tf.dispose(inputs);
  model.dispose();
  return scores;
}
