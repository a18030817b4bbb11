import * as tf from '@tensorflow/tfjs';
import { pushFused } from '@vogjs/backend';

/** Count, mean and sum of squared deviations of a stream of equally shaped tensors, on the device. */
export interface Moments {
  /** Number of values seen: a scalar. */
  readonly count: tf.Scalar;
  /** Mean of the values, elementwise: the values' shape. */
  readonly mean: tf.Tensor;
  /** Sum of squared deviations from the mean, elementwise: the values' shape. */
  readonly m2: tf.Tensor;
  // An index signature makes Moments usable as the state of a metric.
  readonly [name: string]: tf.Tensor;
}

/** Population (`ddof: 0`, the default) or sample (`ddof: 1`) variance. */
export interface VarianceOptions {
  readonly ddof?: 0 | 1;
}

/** One step of Welford's recurrence in operations that every backend has. */
export function pushComposed({ count, mean, m2 }: Moments, x: tf.Tensor): Moments {
  const n = tf.add(count, 1) as tf.Scalar;
  const delta = tf.sub(x, mean);
  return {
    count: n,
    mean: tf.add(mean, tf.div(delta, n)),
    m2: tf.add(m2, tf.mul(tf.square(delta), tf.div(count, n))),
  };
}

/**
 * Running mean and variance by Welford's recurrence, in twice the memory of one value. It takes six elementwise
 * operations, or one kernel where the backend has a faster one. Two streams merge by Chan, Golub & LeVeque (1979). In
 * float32 it stays within 1e-6 of float64 for values whose mean is not far above their spread; at mean/sd above 1e3 it
 * loses three digits and more.
 *
 * All functions are pure: they dispose nothing and keep nothing. Run them in a `tf.tidy` and keep what you need.
 */
export const runningMoments = {
  /** Moments of no values yet. `shape` is the shape of one value. */
  init(shape: readonly number[]): Moments {
    return { count: tf.scalar(0), mean: tf.zeros([...shape]), m2: tf.zeros([...shape]) };
  },

  /** Moments after one more value `x`. */
  push(moments: Moments, x: tf.Tensor): Moments {
    const { count, mean, m2 } = moments;
    const fused = pushFused(count, mean, m2, x);
    if (fused !== null) return { count: fused[0] as tf.Scalar, mean: fused[1], m2: fused[2] };
    return pushComposed(moments, x);
  },

  /** Moments of two disjoint streams together; either may be empty. */
  merge(a: Moments, b: Moments): Moments {
    const count = tf.add(a.count, b.count) as tf.Scalar;
    // With nothing on either side the weight would be 0 / 0; with max(count, 1) it is 0 and so is the result.
    const weight = tf.div(b.count, tf.maximum(count, 1));
    const delta = tf.sub(b.mean, a.mean);
    return {
      count,
      mean: tf.add(a.mean, tf.mul(delta, weight)),
      m2: tf.add(tf.add(a.m2, b.m2), tf.mul(tf.square(delta), tf.mul(a.count, weight))),
    };
  },

  /** Variance, elementwise, in squared units of the values; NaN (never 0) below two values. */
  variance({ count, m2 }: Moments, { ddof = 0 }: VarianceOptions = {}): tf.Tensor {
    const divisor = tf.where(tf.greaterEqual(count, 2), tf.sub(count, ddof), Number.NaN);
    return tf.div(m2, divisor);
  },
} as const;
