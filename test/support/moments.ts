import type { Moments } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';

/** One step of Welford's recurrence in six operations: what a backend's one kernel must equal. */
export function pushComposed({ count, mean, m2 }: Moments, x: tf.Tensor): Moments {
  const n = tf.add(count, 1) as tf.Scalar;
  const delta = tf.sub(x, mean);
  return {
    count: n,
    mean: tf.add(mean, tf.div(delta, n)),
    m2: tf.add(m2, tf.mul(tf.square(delta), tf.div(count, n))),
  };
}
