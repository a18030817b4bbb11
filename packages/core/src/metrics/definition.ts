import { anything, callable, checkOptions, either, integer, list, record, text, VogError } from '@vogjs/base';
import type { Entries } from '@vogjs/base/options';
import { checkDefinition, type PluginContract } from '../plugin/definition.js';
import type { OptionValues } from '../plugin/factory.js';
import type { MetricWords } from '../plugin/words.js';
import { checkRequirements } from '../resources/requirements.js';
import type { Requirements, ValuesOf } from '../resources/resource.js';
import type { Schedule } from '../schedule/schedules.js';
import type { HardDirection } from '../scores/facts.js';
import { TASK_KINDS, type TaskKind } from '../task/task.js';
import type { ComputeContext, InitContext, MetricOptions, MetricOutput, MetricState, UpdateContext } from './metric.js';

/** What every metric says of itself, with options or without. */
interface MetricFacts {
  /** Unique within a tracker. */
  readonly name: string;
  /** Which end of the values is the hard one; by column when `compute` returns named columns. */
  readonly hardDirection: HardDirection | Readonly<Record<string, HardDirection>>;
  /**
   * Tasks in which the metric means something; a model of another task is refused before training. By default those in
   * which all that it requires means something: without labels, probabilities and predictions, every task.
   */
  readonly tasks?: readonly TaskKind[];
  /** Raise it when the state's meaning changes. Default 1. */
  readonly version?: number;
  /** A schedule of its own; by default the tracker's. */
  readonly schedule?: Schedule;
  /** The metric in words, for reports and docs; by column where it has several. */
  readonly words?: MetricWords;
  /** What a reader of its scores should always know; they carry it. */
  readonly notes?: readonly string[];
}

/** What some options make of a metric. */
export type MetricVariant = Partial<Pick<MetricFacts, 'hardDirection' | 'words' | 'notes'>>;

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
export interface MetricDefinition<
  R extends Requirements,
  S extends MetricState,
  O extends MetricOutput,
> extends MetricFacts {
  /** Resources, by the name `update` uses. */
  readonly requires: R;
  /** Plain values that distinguish this variant; a saved state is only loaded into the same. */
  readonly options?: MetricOptions;
  readonly init: (context: InitContext) => S;
  /** Pure: returns the next state, of the same names and shapes. */
  readonly update: (state: NoInfer<S>, resources: ValuesOf<R>, context: UpdateContext) => NoInfer<S>;
  /** `[size]`, or a record of named columns of `[size]`; the first column is the default one. */
  readonly compute: (state: NoInfer<S>, context: ComputeContext) => O;
  /** State of two disjoint stretches of checkpoints, `a` before `b`. Needed for windows and shards. */
  readonly merge?: (a: NoInfer<S>, b: NoInfer<S>) => NoInfer<S>;
}

/**
 * A metric with options of its own. `requires` is a function of them, and every hook gets them last, defaults filled in,
 * with the metric's `name` among them.
 */
export interface MetricWithOptions<
  E extends Entries,
  R extends Requirements,
  S extends MetricState,
  O extends MetricOutput,
> extends MetricFacts {
  /** The function that makes it, as its callers write it. By default its name in camel case: 'mean-loss' by `meanLoss`. */
  readonly call?: string;
  /** Its options: `{ at: oneOf('mean', 'last').about('…') }`. `name` is always one of them. */
  readonly options?: E;
  /** What two options say against one another, as a message goes on: `"at must be 'mean' with units: true"`. */
  readonly contradiction?: (options: OptionValues<E>) => string | undefined;
  /** Resources, by the name `update` uses. */
  readonly requires: (options: OptionValues<E>) => R;
  /** What is said of the metric otherwise than above where it has these options. */
  readonly variant?: (options: OptionValues<E>) => MetricVariant;
  /** Plain values that say which variant this is, where the options do not say it as they are. */
  readonly identity?: (options: OptionValues<E>, requires: NoInfer<R>) => MetricOptions;
  readonly init: (context: InitContext, options: OptionValues<E>) => S;
  /** Pure: returns the next state, of the same names and shapes. */
  readonly update: (
    state: NoInfer<S>,
    resources: ValuesOf<NoInfer<R>>,
    context: UpdateContext,
    options: OptionValues<E>,
  ) => NoInfer<S>;
  /** `[size]`, or a record of named columns of `[size]`; the first column is the default one. */
  readonly compute: (state: NoInfer<S>, context: ComputeContext, options: OptionValues<E>) => O;
  /** State of two disjoint stretches of checkpoints, `a` before `b`. Needed for windows and shards. */
  readonly merge?: (a: NoInfer<S>, b: NoInfer<S>, options: OptionValues<E>) => NoInfer<S>;
}

/** A definition of either kind, before anything is known of it. */
export type AnyMetricDefinition = Omit<MetricFacts, 'name'> & {
  readonly name: string;
  readonly call?: unknown;
  readonly options?: unknown;
  readonly contradiction?: unknown;
  readonly variant?: unknown;
  readonly identity?: unknown;
  readonly requires: unknown;
  readonly init: unknown;
  readonly update: unknown;
  readonly compute: unknown;
  readonly merge?: unknown;
};

/** What is said of every metric's definition. */
export const metricContract: PluginContract = {
  kind: 'metric',
  define: 'defineMetric',
  code: 'METRIC_INVALID',
  parts: {
    name: anything,
    hardDirection: either(text, record),
    requires: either(record, callable),
    options: record,
    call: text,
    contradiction: callable,
    variant: callable,
    identity: callable,
    version: integer(1),
    schedule: callable,
    words: record,
    notes: list,
    init: anything,
    update: anything,
    compute: anything,
    merge: callable,
    tasks: list,
  },
};

/**
 * Refuses a definition that is incomplete or contradicts itself.
 *
 * @throws VogError METRIC_INVALID
 */
export function checkMetricDefinition(definition: AnyMetricDefinition): void {
  checkDefinition(metricContract, definition);
  const { name, requires, tasks } = definition;
  const fail = (problem: string): never => {
    throw new VogError('METRIC_INVALID', `Metric '${name}': ${problem}`, { plugin: { kind: 'metric', name } });
  };
  for (const hook of ['init', 'update', 'compute'] as const) {
    if (typeof definition[hook] !== 'function') fail(`${hook} must be a function.`);
  }
  if (typeof requires !== 'function') {
    checkRequired(name, requires);
    for (const part of ['call', 'contradiction', 'variant', 'identity'] as const) {
      if (definition[part] !== undefined) {
        fail(`${part} is of a metric with options: give requires as a function of them, such as () => ({ loss }).`);
      }
    }
  }
  if (
    tasks !== undefined &&
    (!Array.isArray(tasks) || tasks.length === 0 || !tasks.every((kind) => TASK_KINDS.includes(kind)))
  ) {
    fail(`tasks must list some of ${TASK_KINDS.join(', ')}, or be left out.`);
  }
  checkSaid(name, definition);
}

/**
 * Refuses what a metric, or a variant of it, says of itself and cannot be.
 *
 * @throws VogError METRIC_INVALID
 */
export function checkSaid(name: string, { hardDirection, words, notes }: Omit<MetricFacts, 'name'>): void {
  const fail = (problem: string): never => {
    throw new VogError('METRIC_INVALID', `Metric '${name}': ${problem}`, { plugin: { kind: 'metric', name } });
  };
  if (words !== undefined) checkWords(name, words);
  if (
    notes !== undefined &&
    !(Array.isArray(notes) && notes.every((note) => typeof note === 'string' && note !== ''))
  ) {
    fail('notes must be a list of sentences.');
  }
  const directions = typeof hardDirection === 'object' ? Object.values(hardDirection) : [hardDirection];
  if (directions.length === 0 || directions.some((direction) => direction !== 'high' && direction !== 'low')) {
    fail("hardDirection must be 'high' or 'low', or a record of them by column: say which end is hard.");
  }
}

const WORDS = { title: text, meaning: text };

/** Refuses words without title and meaning; they are of the metric, or of its columns by name. */
function checkWords(name: string, words: object): void {
  const areByColumn = Object.values(words).some((value) => typeof value === 'object');
  const each = areByColumn
    ? Object.entries(words).map(([column, own]): [string, unknown] => [`words.${column}`, own])
    : [['words', words] as const];
  for (const [place, own] of each) {
    checkOptions(`Metric '${name}', ${place}`, own, WORDS, ['title', 'meaning'], 'METRIC_INVALID');
  }
}

/** Refuses what is no record of resources. */
export function checkRequired(name: string, requires: unknown): asserts requires is Requirements {
  checkRequirements(`Metric '${name}'`, requires, 'METRIC_INVALID', { plugin: { kind: 'metric', name } });
}
