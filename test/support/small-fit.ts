import * as tf from '@tensorflow/tfjs';
import { createTracker, type Tracker } from '@vogjs/core';
import { meanLoss, vog } from '@vogjs/metrics';

/** Examples of a {@link smallFit}. */
export const SIZE = 12;

/** A network, its data and a tracker of two metrics: what a test of those who watch a fit needs. */
export interface SmallFit {
  model: tf.LayersModel;
  tracker: Tracker;
  xs: tf.Tensor;
  ys: tf.Tensor;
}

export function smallFit(): SmallFit {
  const kernelInitializer = tf.initializers.glorotNormal({ seed: 1 });
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [4, 4, 1] }),
      tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const labels = Array.from({ length: SIZE }, (_, row) => row % 3);
  const xs = tf.randomUniform<tf.Rank.R4>([SIZE, 4, 4, 1], 0, 1, 'float32', 5);
  const ys = tf.oneHot(tf.tensor1d(labels, 'int32'), 3);
  const classNames = ['ant', 'bee', 'cat'];
  return { model, xs, ys, tracker: createTracker({ inputs: xs, labels, classNames, metrics: [vog(), meanLoss()] }) };
}

export function disposeFit({ model, tracker, xs, ys }: SmallFit): void {
  tracker.dispose();
  model.dispose();
  tf.dispose([xs, ys]);
}
