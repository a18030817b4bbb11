import { anything, callable, either, list, record, text, VogError } from '@vogjs/base';
import type { Entries } from '@vogjs/base/options';
import { checkDefinition, checkOptionEntries, type PluginContract } from '../plugin/definition.js';
import {
  declarePluginOptions,
  type Named,
  type NoEntries,
  type OptionValues,
  type PluginDefinition,
  type PluginFactory,
  pluginFactory,
} from '../plugin/factory.js';
import { callOf } from '../plugin/name.js';
import { checkMonitor } from './check-monitor.js';
import type { Monitor } from './monitor.js';

/** What a monitor does: all of it but its name and its figures. */
export type MonitorHooks = Omit<Monitor, 'name' | 'figures'>;

/** A monitor with options: `watch` is a function of them, and makes the hooks of one monitor. */
export interface MonitorWithOptions<E extends Entries> {
  /** Unique within a tracker, unless it is told another. */
  readonly name: string;
  /** The function, as its callers write it, where the name does not say: `'oodMonitor'`. */
  readonly call?: string;
  /** Names of its figures, in the order in which logs have them. */
  readonly figures: readonly string[] | ((options: OptionValues<E>) => readonly string[]);
  readonly options?: E;
  /** Says what is wrong with options that contradict one another. */
  readonly contradiction?: (options: OptionValues<E>) => string | undefined;
  /** Called once a monitor: what it remembers from checkpoint to checkpoint lives inside. */
  readonly watch: (options: OptionValues<E>) => MonitorHooks;
}

/** What the factory of a monitor says of it. */
export interface MonitorFactoryDefinition<E extends Entries = Entries> extends PluginDefinition<E> {
  readonly kind: 'monitor';
}

/** Makes monitors of one definition. */
export type MonitorFactory<E extends Entries = Entries> = PluginFactory<
  Named<E>,
  Monitor,
  MonitorFactoryDefinition<Named<E>>
>;

const contract: PluginContract = {
  kind: 'monitor',
  define: 'defineMonitor',
  code: 'MONITOR_INVALID',
  parts: {
    name: anything,
    call: text,
    figures: either(list, callable),
    options: record,
    contradiction: callable,
    watch: callable,
    begin: callable,
    checkpoint: callable,
    reset: callable,
    dispose: callable,
  },
};

/**
 * Checks a monitor's definition.
 *
 * Where it has `watch`, the monitor has options: what comes back is a factory that checks them, fills in their defaults
 * and makes monitors. Otherwise what comes back is the monitor.
 *
 * ```ts
 * export const meanOutput = defineMonitor({
 *   name: 'mean-output',
 *   figures: ['mean'],
 *   options: { inputs: fits<tf.Tensor>('a tensor', (value) => value instanceof tf.Tensor).required().about('What to look at.') },
 *   watch: ({ inputs }) => ({
 *     checkpoint: async (model) => ({ mean: (await tf.tidy(() => tf.mean(logitsOf(model)(inputs))).data())[0]! }),
 *   }),
 * });
 * createTracker({ …, monitors: [meanOutput({ inputs })] });
 * ```
 *
 * @throws VogError MONITOR_INVALID; the factory ARGUMENT_INVALID for options
 */
export function defineMonitor<const E extends Entries = NoEntries>(
  definition: MonitorWithOptions<E>,
): MonitorFactory<E>;
export function defineMonitor(definition: Monitor): Monitor;
export function defineMonitor(definition: Monitor | MonitorWithOptions<Entries>): Monitor | MonitorFactory {
  checkDefinition(contract, definition);
  const withOptions = 'watch' in definition;
  for (const part of withOptions ? HOOKS : ['call', 'options', 'contradiction']) {
    if (!(part in definition)) continue;
    const problem = withOptions
      ? `${part} belongs into what watch gives: with options, watch makes all hooks.`
      : `${part} is of a monitor with options: give watch as a function of them, such as () => ({ checkpoint }).`;
    throw new VogError('MONITOR_INVALID', `Monitor '${definition.name}': ${problem}`, {
      plugin: { kind: 'monitor', name: definition.name },
    });
  }
  if (withOptions) return factoryOf(definition);
  checkMonitor(definition);
  return definition;
}

const HOOKS = ['begin', 'checkpoint', 'reset', 'dispose'];

function factoryOf(definition: MonitorWithOptions<Entries>): MonitorFactory {
  const { name, call = callOf(name), figures, options: entries = {}, contradiction, watch } = definition;
  checkOptionEntries(contract, entries);
  const options = declarePluginOptions('monitor', name, entries, contradiction, call);
  const make = (values: OptionValues<Entries>): Monitor => {
    const hooks = watch(values);
    const own = { name: values.name, figures: typeof figures === 'function' ? figures(values) : figures };
    checkMonitor({ ...own, checkpoint: hooks?.checkpoint });
    // Called on what `watch` gave: it may be an object of a class.
    return {
      ...own,
      begin: (model) => hooks.begin?.(model),
      checkpoint: (model, info) => hooks.checkpoint(model, info),
      reset: () => hooks.reset?.(),
      dispose: () => hooks.dispose?.(),
    };
  };
  const own: MonitorFactoryDefinition<Named<Entries>> = { kind: 'monitor', name, call, options };
  return pluginFactory<Named<Entries>, Monitor, typeof own>(own, make);
}
