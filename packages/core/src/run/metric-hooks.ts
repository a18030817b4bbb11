import * as tf from '@tensorflow/tfjs';
import type { Metric, MetricOutput, MetricState, UpdateContext, ComputeContext } from '../metrics/metric.js';
import { attempt, failure } from '../plugin/attempt.js';
import type { ResourceValue } from '../resources/resource.js';
import { checkState, hookOf, initialState } from './metric-state.js';

/**
 * Runs a metric's hooks and checks what they return. Every failure is METRIC_FAILED with metric, hook and checkpoint, but
 * for a VogError with a code of the metric's own, which passes and gains them.
 */
export const metricHooks = {
  init: initialState,

  update(
    metric: Metric,
    state: MetricState,
    resources: Readonly<Record<string, ResourceValue>>,
    context: UpdateContext,
    checkpoint: number,
  ): MetricState {
    const next = checkState(
      metric,
      'update',
      checkpoint,
      attempt(hookOf(metric, 'update', checkpoint), () => metric.update(state, resources, context)),
    );
    checkSameShape(metric, 'update', checkpoint, state, next);
    return next;
  },

  merge(metric: Metric, a: MetricState, b: MetricState, checkpoint: number): MetricState {
    const merged = attempt(hookOf(metric, 'merge', checkpoint), () => metric.merge?.(a, b));
    return checkState(metric, 'merge', checkpoint, merged);
  },

  /** Columns of `[size]` float values; a single tensor becomes the column named like the metric. */
  compute(metric: Metric, state: MetricState, context: ComputeContext, checkpoint: number): Record<string, tf.Tensor> {
    const output: MetricOutput = attempt(hookOf(metric, 'compute', checkpoint), () => metric.compute(state, context));
    if (
      typeof output !== 'object' ||
      output === null ||
      output instanceof Promise ||
      Object.keys(output).length === 0
    ) {
      throw failure(
        hookOf(metric, 'compute', checkpoint),
        `it must return a tensor of shape [${context.size}], or a record of such columns.`,
      );
    }
    const columns = output instanceof tf.Tensor ? { [metric.name]: output } : (output as Record<string, tf.Tensor>);
    for (const [name, column] of Object.entries(columns)) {
      if (!(column instanceof tf.Tensor) || column.size !== context.size || column.rank !== 1) {
        const got = column instanceof tf.Tensor ? `[${column.shape.join(', ')}]` : typeof column;
        throw failure(
          hookOf(metric, 'compute', checkpoint),
          `column '${name}' must be a tensor of shape [${context.size}], one value per example; got ${got}.`,
        );
      }
    }
    return columns;
  },
};

function checkSameShape(
  metric: Metric,
  hook: string,
  checkpoint: number,
  before: MetricState,
  after: MetricState,
): void {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const name of names) {
    const [a, b] = [before[name], after[name]];
    if (a === undefined || b === undefined || String(a.shape) !== String(b.shape) || a.dtype !== b.dtype) {
      const describe = (t: tf.Tensor | undefined): string =>
        t === undefined ? 'nothing' : `${t.dtype} [${t.shape.join(', ')}]`;
      throw failure(
        hookOf(metric, hook, checkpoint),
        `state.${name} was ${describe(a)} and became ${describe(b)}. Names, shapes and types of a state never change.`,
      );
    }
  }
}
