import {
  anything,
  callable,
  checkArgument,
  checkOf,
  checkOptions,
  either,
  integer,
  list,
  record,
  text,
  VogError,
} from '@vogjs/base';
import type * as tf from '@tensorflow/tfjs';
import { needsOf } from '../resources/needs.js';
import { TASK_KINDS, type TaskKind } from '../task/task.js';
import type { Requirements, ValuesOf } from '../resources/resource.js';
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

/**
 * A metric: a pure fold over checkpoints. The engine owns `tidy`, `keep` and `dispose`; a metric never does.
 *
 * ```
 * state = init(chunk)                              once per chunk and window
 * state = update(state, resources, context)        at each due checkpoint
 * values = compute(state, context)                 when scores are asked
 * state = merge(earlier, later)                    windows, shards
 * ```
 */
export interface MetricDefinition<R extends Requirements, S extends MetricState, O extends MetricOutput> {
  /** Unique within a tracker. */
  readonly name: string;
  /** Which end of the values is the hard one; by column when `compute` returns named columns. */
  readonly hardDirection: HardDirection | Readonly<Record<string, HardDirection>>;
  /** Resources, by the name `update` uses. */
  readonly requires: R;
  /**
   * Tasks in which the metric means something; a model of another task is refused before training. By default those in
   * which all that it requires means something: without labels, probabilities and predictions, every task.
   */
  readonly tasks?: readonly TaskKind[];
  /** Plain values that distinguish this variant; a saved state is only loaded into the same. */
  readonly options?: MetricOptions;
  /** Raise it when the state's meaning changes. Default 1. */
  readonly version?: number;
  /** A schedule of its own; by default the tracker's. */
  readonly schedule?: Schedule;
  readonly init: (context: InitContext) => S;
  /** Pure: returns the next state, of the same names and shapes. */
  readonly update: (state: NoInfer<S>, resources: ValuesOf<R>, context: UpdateContext) => NoInfer<S>;
  /** `[size]`, or a record of named columns of `[size]`; the first column is the default one. */
  readonly compute: (state: NoInfer<S>, context: ComputeContext) => O;
  /** State of two disjoint stretches of checkpoints, `a` before `b`. Needed for windows and shards. */
  readonly merge?: (a: NoInfer<S>, b: NoInfer<S>) => NoInfer<S>;
}

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
  init(context: InitContext): MetricState;
  update(state: MetricState, resources: Readonly<Record<string, unknown>>, context: UpdateContext): MetricState;
  compute(state: MetricState, context: ComputeContext): MetricOutput;
  readonly merge: ((a: MetricState, b: MetricState) => MetricState) | undefined;
}

/** Parts of a definition; those that are looked into in detail pass here. */
const PARTS = {
  name: anything,
  hardDirection: either(text, record),
  requires: record,
  options: record,
  version: integer(1),
  schedule: callable,
  init: anything,
  update: anything,
  compute: anything,
  merge: callable,
  tasks: list,
};

/** Checks a metric's definition and types it: reading a resource that `requires` does not name does not compile. */
export function defineMetric<const R extends Requirements, S extends MetricState, O extends MetricOutput>(
  definition: MetricDefinition<R, S, O>,
): Metric {
  checkOptions('defineMetric', definition, PARTS, [], 'METRIC_INVALID');
  const { name, requires } = definition;
  if (typeof name !== 'string' || !/^[A-Za-z][\w.-]*$/.test(name)) {
    throw new VogError(
      'METRIC_INVALID',
      `A metric's name must start with a letter and hold letters, digits, '.', '-' or '_' only; got '${String(name)}'.`,
    );
  }
  const fail = (problem: string): never => {
    throw new VogError('METRIC_INVALID', `Metric '${name}': ${problem}`, { plugin: { kind: 'metric', name } });
  };
  for (const hook of ['init', 'update', 'compute'] as const) {
    if (typeof definition[hook] !== 'function') fail(`${hook} must be a function.`);
  }
  if (typeof requires !== 'object' || requires === null)
    fail('requires must be a record of resources, such as { loss }.');
  for (const [key, resource] of Object.entries(requires)) {
    if (typeof resource?.key !== 'string' || typeof resource.compute !== 'function') {
      fail(
        `requires.${key} is not a resource. Import one (loss, logits, inputGradient(), …) or make it with defineResource.`,
      );
    }
  }
  const { tasks } = definition;
  if (
    tasks !== undefined &&
    (!Array.isArray(tasks) || tasks.length === 0 || !tasks.every((kind) => TASK_KINDS.includes(kind)))
  ) {
    fail(`tasks must list some of ${TASK_KINDS.join(', ')}, or be left out.`);
  }
  const directions =
    typeof definition.hardDirection === 'object' ? Object.values(definition.hardDirection) : [definition.hardDirection];
  if (directions.length === 0 || directions.some((direction) => direction !== 'high' && direction !== 'low')) {
    fail("hardDirection must be 'high' or 'low', or a record of them by column: say which end is hard.");
  }
  // From here on the engine carries the state without knowing its fields; these casts are the one place that forgets.
  return {
    name,
    hardDirection: definition.hardDirection,
    requires,
    tasks: tasks ?? needsOf([requires]).tasks,
    options: definition.options ?? {},
    version: definition.version ?? 1,
    schedule: definition.schedule,
    init: definition.init,
    update: definition.update as unknown as Metric['update'],
    compute: definition.compute as unknown as Metric['compute'],
    merge: definition.merge as unknown as Metric['merge'],
  };
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
