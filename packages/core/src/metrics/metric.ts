import { callable, checkArgument, checkOf } from '@vogjs/base';
import type * as tf from '@tensorflow/tfjs';
import type { TaskKind } from '../task/task.js';
import type { MetricWords } from '../plugin/words.js';
import type { Requirements } from '../resources/resource.js';
import type { Position } from '../schedule/position.js';
import type { Schedule } from '../schedule/schedules.js';
import type { HardDirection } from '../scores/facts.js';

/** State of a metric for one chunk and window: a flat record of tensors. */
export type MetricState = Readonly<Record<string, tf.Tensor>>;

/** Plain values that say which variant of a metric this is; part of what a saved state must match. */
export type MetricOptions = Readonly<Record<string, string | number | boolean | null>>;

/** What `init` knows of the chunk whose state it makes. */
export interface InitContext {
  /** Number of examples in the chunk. */
  readonly size: number;
  /** Shape of one example of the first input, without the batch axis. */
  readonly inputShape: readonly number[];
  /** The same for every input of the model. */
  readonly inputShapes: readonly (readonly number[])[];
  /**
   * Number of classes, of the model's logits; before the model is seen, of `classes`, `classNames` or one-hot labels.
   *
   * @throws VogError ARGUMENT_INVALID when nothing has told it yet: a state that needs no classes never reads it
   */
  readonly classes: number;
}

/** What `update` knows of the checkpoint. */
export interface UpdateContext {
  /** Checkpoints that this metric saw before in this window. */
  readonly checkpoints: number;
  /** Where training stands. */
  readonly position: Position;
  readonly size: number;
}

/** What `compute` knows. */
export interface ComputeContext {
  /** Checkpoints that went into the state. */
  readonly checkpoints: number;
  readonly size: number;
}

/** What `compute` gives: one value per example, or named columns of them. */
export type MetricOutput = tf.Tensor | Readonly<Record<string, tf.Tensor>>;

/** A metric whose state and resources the engine treats as opaque. */
export interface Metric {
  readonly name: string;
  readonly hardDirection: HardDirection | Readonly<Record<string, HardDirection>>;
  readonly requires: Requirements;
  /** Tasks in which it means something. */
  readonly tasks: readonly TaskKind[];
  readonly options: MetricOptions;
  readonly version: number;
  readonly schedule: Schedule | undefined;
  /** The metric in words, for reports; its scores carry them. */
  readonly words?: MetricWords | undefined;
  /** What a reader of its scores should always know. */
  readonly notes?: readonly string[] | undefined;
  init(context: InitContext): MetricState;
  update(state: MetricState, resources: Readonly<Record<string, unknown>>, context: UpdateContext): MetricState;
  compute(state: MetricState, context: ComputeContext): MetricOutput;
  readonly merge: ((a: MetricState, b: MetricState) => MetricState) | undefined;
}

const aMetric = checkOf(
  'a metric, such as vog()',
  (value) => typeof (value as Partial<Metric> | null | undefined)?.update === 'function',
);

/**
 * The metric with a schedule of its own, under the same name.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function scheduled(metric: Metric, schedule: Schedule): Metric {
  checkArgument('scheduled', 'metric', metric, aMetric);
  checkArgument('scheduled', 'schedule', schedule, callable);
  return { ...metric, schedule };
}
