import { defineMetric, inputGradient, labels, type Metric, probabilities, runningMoments } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import type { WindowRange } from './windows.js';

/** What is differentiated. The logarithm of the probability is the loss with its sign turned, and has the same VoG. */
export const READ = ['logit', 'softmax', 'loss'] as const;
export type Read = (typeof READ)[number];

/** As tables name them. */
export const READ_TITLES = { logit: 'logit', softmax: 'softmax', loss: 'loss, log-softmax' } as const satisfies Record<
  Read,
  string
>;

/**
 * VoG of one reading over the checkpoints of one window, which may overlap others. Readings share their passes: the
 * gradient of the probability is that of the loss times `-p_y`, since `d p_y = p_y · d log p_y`.
 */
export function readingMetric(name: string, read: Read, { from, to }: WindowRange): Metric {
  const gradient = inputGradient({ activation: read === 'logit' ? 'logit' : 'loss' });
  return defineMetric({
    name,
    hardDirection: 'high',
    requires: { gradient, probabilities, labels },
    init: ({ size, inputShape: [height = 0, width = 0] }) => runningMoments.init([size, height, width]),
    update: (state, resources, { position }) => {
      if (position.epoch < from || position.epoch >= to) return state;
      const map = tf.mean(resources.gradient, 3);
      if (read !== 'softmax') return runningMoments.push(state, map);
      const classes = resources.probabilities.shape[1];
      const own = tf.sum(tf.mul(resources.probabilities, tf.oneHot(resources.labels, classes)), 1);
      return runningMoments.push(state, tf.mul(map, tf.reshape(own, [-1, 1, 1])));
    },
    compute: (state) => tf.mean(tf.mean(tf.sqrt(runningMoments.variance(state)), 2), 1),
    merge: (a, b) => runningMoments.merge(a, b),
  });
}
