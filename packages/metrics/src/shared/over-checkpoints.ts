import type { ComputeContext, InitContext, MetricState } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';

/** The mean over checkpoints, or the value at the last one; the mean unless told. */
interface At {
  readonly name: string;
  readonly at?: 'mean' | 'last';
}

/** One value after the other, of one shape. */
interface Fold<S extends MetricState> {
  init(shape: readonly number[]): S;
  update(state: S, value: tf.Tensor): S;
  compute(state: S, checkpoints: number): tf.Tensor;
  merge(a: S, b: S): S;
}

const mean: Fold<{ readonly sum: tf.Tensor }> = {
  init: (shape) => ({ sum: tf.zeros([...shape]) }),
  update: ({ sum }, value) => ({ sum: tf.add(sum, value) }),
  compute: ({ sum }, checkpoints) => meanOf(sum, checkpoints),
  merge: (a, b) => ({ sum: tf.add(a.sum, b.sum) }),
};

const last: Fold<{ readonly last: tf.Tensor; readonly seen: tf.Tensor }> = {
  init: (shape) => ({ last: undefinedScores(shape), seen: tf.scalar(0) }),
  update: (_, value) => ({ last: value, seen: tf.scalar(1) }),
  compute: (state) => state.last,
  merge: (a, b) => ({
    last: tf.where(tf.greater(b.seen, 0), b.last, a.last),
    seen: tf.maximum(a.seen, b.seen),
  }),
};

/** The fold that the option `at` asks for. */
export function foldOf({ at = 'mean' }: At): Fold<MetricState> {
  // Each fold meets only the states that it made.
  return (at === 'mean' ? mean : last) as unknown as Fold<MetricState>;
}

/**
 * Hooks of a metric that has one value per example at each checkpoint: the resource `value`. State: N x 4 bytes per
 * window.
 */
export function overCheckpoints() {
  return {
    init: ({ size }: InitContext, options: At) => foldOf(options).init([size]),
    update: (state: MetricState, { value }: { readonly value: tf.Tensor }, _: unknown, options: At) =>
      foldOf(options).update(state, value),
    compute: (state: MetricState, { checkpoints }: ComputeContext, options: At) =>
      foldOf(options).compute(state, checkpoints),
    merge: (a: MetricState, b: MetricState, options: At) => foldOf(options).merge(a, b),
  };
}

/** `sum / checkpoints`; NaN before any checkpoint, also on a backend whose 0 / 0 is 1. */
export function meanOf(sum: tf.Tensor, checkpoints: number): tf.Tensor {
  return checkpoints === 0 ? undefinedScores(sum.shape) : tf.div(sum, checkpoints);
}

/** NaN for every example: no checkpoint has given a value yet. */
export function undefinedScores(shape: number | readonly number[]): tf.Tensor {
  return tf.fill(typeof shape === 'number' ? [shape] : [...shape], Number.NaN);
}
