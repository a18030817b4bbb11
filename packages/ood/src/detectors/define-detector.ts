import type { Entries, InputOf } from '@vogjs/base/options';
import type { Requirements } from '@vogjs/core';
import {
  callOf,
  checkOptionEntries,
  checkPluginName,
  declarePluginOptions,
  type Named,
  type NoEntries,
  type OptionValues,
  type PluginDefinition,
  pluginFactory,
  type RequiredIn,
} from '@vogjs/core/plugin';
import type { StatisticsOf } from '../fit-statistics/statistic.js';
import {
  type AnyDetectorDefinition,
  checkDetectorDefinition,
  checkRequired,
  checkStatistics,
  detectorContract,
  type DetectorDefinition,
  type DetectorWithOptions,
} from './definition.js';
import type { Detector, DetectorState } from './detector.js';

/** What the factory of a detector says of it: for docs, lists and tests. */
export interface DetectorFactoryDefinition<E extends Entries = Entries> extends PluginDefinition<E> {
  readonly kind: 'detector';
  readonly oodDirection: 'high' | 'low';
  readonly version: number;
}

/** Options of a detector: those that it declares, and a name of its own, needed for two variants in one call. */
export type DetectorOptions<E extends Entries, Name extends string> = InputOf<E> & { readonly name?: Name };

/** The options may be left out where none is required. */
type Given<E extends Entries, Name extends string> = [RequiredIn<E>] extends [never]
  ? [options?: DetectorOptions<E, Name>]
  : [options: DetectorOptions<E, Name>];

/** Makes detectors of one definition: `knn({ k: 5 })`. Their name is known to the compiler. */
export interface DetectorFactory<DefaultName extends string = string, E extends Entries = Entries> {
  <const Name extends string = DefaultName>(...given: Given<E, Name>): Detector<Name>;
  readonly definition: DetectorFactoryDefinition<Named<E>>;
}

/** A factory of detectors, whatever options it takes beside the name. */
export interface AnyDetectorFactory {
  (options?: { readonly name?: string }): Detector;
  readonly definition: DetectorFactoryDefinition;
}

/** The options that a factory takes: `OptionsOfDetector<typeof knn>`. */
export type OptionsOfDetector<Factory, Name extends string = string> =
  Factory extends DetectorFactory<string, infer E> ? DetectorOptions<E, Name> : never;

/**
 * Checks a detector's definition and types it: reading a resource or a part of the state that was not declared does
 * not compile.
 *
 * Where `requires` is a function, the detector has options: what comes back is a factory that checks them, fills in
 * their defaults and makes detectors. It carries its `definition`, for docs and tests. Otherwise what comes back is the
 * detector.
 *
 * ```ts
 * export const maxLogit = defineDetector({
 *   name: 'max-logit',
 *   options: { scale: positive().default(1).about('Factor of every score.') },
 *   requires: () => ({ logits }),
 *   score: ({ logits }, _, __, { scale }) => tf.mul(tf.max(logits, 1), scale),
 * });
 * maxLogit({ scale: 2, name: 'double' });
 * ```
 *
 * @throws VogError DETECTOR_INVALID; the factory ARGUMENT_INVALID for options
 */
export function defineDetector<
  const Name extends string,
  const R extends Requirements,
  F extends StatisticsOf,
  S extends DetectorState,
  const E extends Entries = NoEntries,
>(definition: DetectorWithOptions<Name, E, R, F, S>): DetectorFactory<Name, E>;
export function defineDetector<
  const Name extends string,
  const R extends Requirements,
  F extends StatisticsOf,
  S extends DetectorState,
>(definition: DetectorDefinition<Name, R, F, S>): Detector<Name>;
export function defineDetector(definition: AnyDetectorDefinition): unknown {
  checkDetectorDefinition(definition);
  return typeof definition.requires === 'function'
    ? factoryOf(definition as DetectorWithOptions<string, Entries, Requirements, StatisticsOf, DetectorState>)
    : detectorOf(definition as DetectorDefinition<string, Requirements, StatisticsOf, DetectorState>);
}

/** From here on the engine carries state and statistics without knowing their fields; this cast is where it forgets. */
function detectorOf(definition: DetectorDefinition<string, Requirements, StatisticsOf, DetectorState>): Detector {
  const { name, oodDirection = 'low', requires, options = {}, version = 1, fit, onHost } = definition;
  return { name, oodDirection, requires, options, version, fit, score: definition.score as Detector['score'], onHost };
}

function factoryOf(
  definition: DetectorWithOptions<string, Entries, Requirements, StatisticsOf, DetectorState>,
): AnyDetectorFactory {
  const { name, call = callOf(name), oodDirection = 'low', version = 1, options: entries = {} } = definition;
  checkOptionEntries(detectorContract, entries);
  const options = declarePluginOptions('detector', name, entries, definition.contradiction, call);
  const make = (values: OptionValues<Entries>): Detector => {
    checkPluginName('detector', values.name, 'DETECTOR_INVALID');
    const requires = definition.requires(values);
    checkRequired(values.name, requires);
    const { fit, onHost } = definition;
    const statistics = fit?.statistics(values);
    if (fit !== undefined) checkStatistics(values.name, statistics);
    return detectorOf({
      name: values.name,
      oodDirection,
      version,
      requires,
      options: definition.identity?.(values, requires) ?? options.identity(values),
      score: (resources, state, chunk) => definition.score(resources, state, chunk, values),
      ...(fit === undefined || statistics === undefined
        ? {}
        : { fit: { statistics, finish: (gathered, context) => fit.finish(gathered, context, values) } }),
      ...(onHost === undefined ? {} : { onHost }),
    });
  };
  const own: DetectorFactoryDefinition<Named<Entries>> = {
    kind: 'detector',
    name,
    call,
    oodDirection,
    version,
    options,
  };
  return pluginFactory<Named<Entries>, Detector, typeof own>(own, make);
}
