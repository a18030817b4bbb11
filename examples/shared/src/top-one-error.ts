import { defineMetric, labels, type Metric, predictions } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';

/**
 * Whether an example's largest logit is another class's than its label, at the last checkpoint of a window: 1 or 0.
 * High = hard. Averaged over the probe it is the top-1 error of the model as it was then.
 */
export function topOneError(): Metric {
  return defineMetric({
    name: 'top-1-error',
    hardDirection: 'high',
    requires: { predictions, labels },
    init: ({ size }) => ({ wrong: tf.zeros([size]) as tf.Tensor, seen: tf.scalar(0) as tf.Tensor }),
    update: (_, resources, { size }) => ({
      wrong: tf.where(tf.equal(resources.predictions, resources.labels), tf.zeros([size]), tf.ones([size])),
      seen: tf.scalar(1),
    }),
    compute: ({ wrong }) => wrong,
    // The later part of training counts, unless it has no checkpoint.
    merge: (a, b) => ({
      wrong: tf.where(tf.greater(b.seen, 0), b.wrong, a.wrong),
      seen: tf.maximum(a.seen, b.seen),
    }),
  });
}
