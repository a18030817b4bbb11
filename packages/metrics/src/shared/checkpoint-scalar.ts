import {
  defineMetric,
  type HardDirection,
  type Metric,
  type MetricOptions,
  type Requirements,
  type ValuesOf,
} from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { requireOneOf } from './options.js';

/** A metric that has one value per example at each checkpoint. */
export interface CheckpointScalar<R extends Requirements> {
  readonly name: string;
  readonly hardDirection: HardDirection;
  readonly requires: R;
  /** The value at one checkpoint: `[size]`. */
  readonly value: (resources: ValuesOf<R>) => tf.Tensor;
  /** `'mean'` over checkpoints, or the value at the `'last'` one. */
  readonly at: 'mean' | 'last';
  readonly options?: MetricOptions;
}

/** The mean over checkpoints of a value per example, or its value at the last. State: N x 4 bytes per window. */
export function checkpointScalar<const R extends Requirements>(scalar: CheckpointScalar<R>): Metric {
  const { name, hardDirection, requires, value, at, options = {} } = scalar;
  requireOneOf(name, 'at', at, ['mean', 'last']);
  const shared = { name, hardDirection, requires, options: { ...options, at } };
  if (at === 'mean') {
    return defineMetric({
      ...shared,
      init: ({ size }) => ({ sum: tf.zeros([size]) }),
      update: ({ sum }, resources) => ({ sum: tf.add(sum, value(resources)) }),
      compute: ({ sum }, { checkpoints }) => meanOf(sum, checkpoints),
      merge: (a, b) => ({ sum: tf.add(a.sum, b.sum) }),
    });
  }
  return defineMetric({
    ...shared,
    init: ({ size }) => ({ last: undefinedScores(size), seen: tf.scalar(0) as tf.Tensor }),
    update: (_, resources) => ({ last: value(resources), seen: tf.scalar(1) }),
    compute: ({ last }) => last,
    merge: (a, b) => ({
      last: tf.where(tf.greater(b.seen, 0), b.last, a.last),
      seen: tf.maximum(a.seen, b.seen),
    }),
  });
}

/** `sum / checkpoints`; NaN before any checkpoint, also on a backend whose 0 / 0 is 1. */
export function meanOf(sum: tf.Tensor, checkpoints: number): tf.Tensor {
  return checkpoints === 0 ? undefinedScores(sum.shape) : tf.div(sum, checkpoints);
}

/** NaN for every example: no checkpoint has given a value yet. */
export function undefinedScores(shape: number | readonly number[]): tf.Tensor {
  return tf.fill(typeof shape === 'number' ? [shape] : [...shape], Number.NaN);
}
