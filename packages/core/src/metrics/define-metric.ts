import { anything, checkOptions, list, record } from '@vogjs/base';
import type { Entries } from '@vogjs/base/options';
import { checkOptionEntries } from '../plugin/definition.js';
import {
  declarePluginOptions,
  type Named,
  type NoEntries,
  type OptionValues,
  type PluginDefinition,
  type PluginFactory,
  pluginFactory,
} from '../plugin/factory.js';
import { callOf, checkPluginName } from '../plugin/name.js';
import type { MetricWords } from '../plugin/words.js';
import { needsOf } from '../resources/needs.js';
import type { Requirements } from '../resources/resource.js';
import {
  type AnyMetricDefinition,
  checkMetricDefinition,
  metricContract,
  checkRequired,
  checkSaid,
  type MetricDefinition,
  type MetricVariant,
  type MetricWithOptions,
} from './definition.js';
import type { Metric, MetricOutput, MetricState } from './metric.js';

/** What the factory of a metric says of it. */
export interface MetricFactoryDefinition<E extends Entries = Entries> extends PluginDefinition<E> {
  readonly kind: 'metric';
  readonly hardDirection: Metric['hardDirection'];
  readonly version: number;
  /** What it says of itself; undefined where it says nothing. */
  readonly words?: MetricWords | undefined;
}

/** Makes metrics of one definition: `el2n({ at: 'last' })`. */
export type MetricFactory<E extends Entries = Entries> = PluginFactory<
  Named<E>,
  Metric,
  MetricFactoryDefinition<Named<E>>
>;

/** A factory of metrics, whatever options it takes beside the name. */
export interface AnyMetricFactory {
  (options?: { readonly name?: string }): Metric;
  readonly definition: MetricFactoryDefinition;
}

/**
 * Checks a metric's definition and types it: reading a resource that `requires` does not name does not compile.
 *
 * Where `requires` is a function, the metric has options: what comes back is a factory that checks them, fills in their
 * defaults and makes metrics. It carries its `definition`, for docs and tests. Otherwise what comes back is the metric.
 *
 * ```ts
 * export const meanLoss = defineMetric({
 *   name: 'mean-loss',
 *   hardDirection: 'high',
 *   options: { scale: positive().default(1).about('Factor of every loss.') },
 *   requires: () => ({ loss }),
 *   init: ({ size }) => ({ sum: tf.zeros([size]) }),
 *   update: ({ sum }, { loss }, _, { scale }) => ({ sum: tf.add(sum, tf.mul(loss, scale)) }),
 *   compute: ({ sum }, { checkpoints }) => tf.div(sum, checkpoints),
 *   merge: (a, b) => ({ sum: tf.add(a.sum, b.sum) }),
 * });
 * meanLoss({ scale: 2, name: 'double-loss' });
 * ```
 *
 * @throws VogError METRIC_INVALID; the factory ARGUMENT_INVALID for options
 */
export function defineMetric<
  const R extends Requirements,
  S extends MetricState,
  O extends MetricOutput,
  const E extends Entries = NoEntries,
>(definition: MetricWithOptions<E, R, S, O>): MetricFactory<E>;
export function defineMetric<const R extends Requirements, S extends MetricState, O extends MetricOutput>(
  definition: MetricDefinition<R, S, O>,
): Metric;
export function defineMetric(definition: AnyMetricDefinition): Metric | MetricFactory {
  checkMetricDefinition(definition);
  return typeof definition.requires === 'function'
    ? factoryOf(definition as MetricWithOptions<Entries, Requirements, MetricState, MetricOutput>)
    : metricOf(definition as MetricDefinition<Requirements, MetricState, MetricOutput>);
}

/** From here on the engine carries the state without knowing its fields; these casts are the one place that forgets. */
function metricOf(definition: MetricDefinition<Requirements, MetricState, MetricOutput>): Metric {
  const { name, hardDirection, requires, tasks, options = {}, version = 1, schedule, words, notes } = definition;
  return {
    name,
    hardDirection,
    requires,
    tasks: tasks ?? needsOf([requires]).tasks,
    options,
    version,
    schedule,
    words,
    notes,
    init: definition.init,
    update: definition.update as unknown as Metric['update'],
    compute: definition.compute,
    merge: definition.merge,
  };
}

function factoryOf(definition: MetricWithOptions<Entries, Requirements, MetricState, MetricOutput>): MetricFactory {
  const { name, call = callOf(name), hardDirection, version = 1, words, options: entries = {} } = definition;
  checkOptionEntries(metricContract, entries);
  const options = declarePluginOptions('metric', name, entries, definition.contradiction, call);
  const make = (values: OptionValues<Entries>): Metric => {
    checkPluginName('metric', values.name, 'METRIC_INVALID');
    const { merge, call: _, ...rest } = { ...definition, ...variantOf(definition, values) };
    const requires = definition.requires(values);
    checkRequired(values.name, requires);
    return metricOf({
      ...rest,
      name: values.name,
      requires,
      options: definition.identity?.(values, requires) ?? options.identity(values),
      init: (context) => definition.init(context, values),
      update: (state, resources, context) => definition.update(state, resources, context, values),
      compute: (state, context) => definition.compute(state, context, values),
      ...(merge === undefined ? {} : { merge: (a, b) => merge(a, b, values) }),
    });
  };
  return pluginFactory({ kind: 'metric', name, call, hardDirection, version, words, options }, make);
}

const VARIANT = { hardDirection: anything, words: record, notes: list };

/** What these options say otherwise, checked as what the definition says is. */
function variantOf(
  definition: MetricWithOptions<Entries, Requirements, MetricState, MetricOutput>,
  values: OptionValues<Entries>,
): MetricVariant {
  if (definition.variant === undefined) return {};
  const variant = definition.variant(values);
  checkOptions(`Metric '${values.name}', variant`, variant, VARIANT, [], 'METRIC_INVALID');
  checkSaid(values.name, { ...definition, ...variant });
  return variant;
}
