import * as tf from '@tensorflow/tfjs';
import type { InitContext, Metric, MetricState } from '../metrics/metric.js';
import { type Attempt, attempt, failure } from '../plugin/attempt.js';

/** A metric's first state: what plans are made of, before any other hook runs. */
export function initialState(metric: Metric, context: InitContext, checkpoint: number): MetricState {
  const state = attempt(hookOf(metric, 'init', checkpoint), () => metric.init(context));
  return checkState(metric, 'init', checkpoint, state);
}

/** A hook's call, for the error that names it. */
export function hookOf(metric: Metric, hook: string, checkpoint: number): Attempt {
  return { plugin: { kind: 'metric', name: metric.name }, hook, checkpoint, code: 'METRIC_FAILED' };
}

/** Refuses what is no state: a flat record of live tensors. */
export function checkState(metric: Metric, hook: string, checkpoint: number, state: unknown): MetricState {
  if (state instanceof Promise) {
    state.catch(() => {});
    throw failure(
      hookOf(metric, hook, checkpoint),
      'it returned a promise. Hooks run inside a synchronous tf.tidy: return the state itself.',
    );
  }
  if (typeof state !== 'object' || state === null || state instanceof tf.Tensor) {
    throw failure(
      hookOf(metric, hook, checkpoint),
      'it must return the state: a flat record of tensors, such as { sum }.',
    );
  }
  for (const [name, tensor] of Object.entries(state)) {
    if (!(tensor instanceof tf.Tensor)) {
      throw failure(
        hookOf(metric, hook, checkpoint),
        `state.${name} must be a tensor; got ${typeof tensor}. Wrap numbers in tf.scalar().`,
      );
    }
    if (tensor.isDisposed) {
      throw failure(
        hookOf(metric, hook, checkpoint),
        `state.${name} is disposed. The engine owns the state: never dispose it in a metric.`,
      );
    }
  }
  return state as MetricState;
}
