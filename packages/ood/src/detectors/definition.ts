import { anything, callable, either, integer, record, text, VogError } from '@vogjs/base';
import type { Entries } from '@vogjs/base/options';
import type { ChunkView, MetricOptions, Requirements, ValuesOf } from '@vogjs/core';
import { checkDefinition, checkRequirements, type OptionValues, type PluginContract } from '@vogjs/core/plugin';
import type * as tf from '@tensorflow/tfjs';
import type { StatisticsOf, StatisticValues } from '../fit-statistics/statistic.js';
import type { DetectorFit, DetectorState, FitContext } from './detector.js';

/** What every detector says of itself, with options or without. */
interface DetectorFacts<Name extends string> {
  /** Unique within a call. */
  readonly name: Name;
  /** Which end of the scores is out-of-distribution. Default `'low'`, the confidence form. */
  readonly oodDirection?: 'high' | 'low';
  /** Raise it when the state's meaning changes. Default 1. */
  readonly version?: number;
  /** A last step for each score in float64, where float32 has no digits left: near a probability of 1, say. */
  readonly onHost?: (score: number) => number;
}

/** The state of a fit on the device, as `score` gets it. */
type OnDevice<S extends DetectorState> = { readonly [Field in keyof NoInfer<S>]: tf.Tensor };

/** What `defineDetector` takes for a detector without options. */
export interface DetectorDefinition<
  Name extends string,
  R extends Requirements,
  F extends StatisticsOf,
  S extends DetectorState,
> extends DetectorFacts<Name> {
  /** Resources of the scoring pass, by the name `score` uses. */
  readonly requires: R;
  /** Plain values that say which variant this is; a saved state is only loaded into the same. */
  readonly options?: MetricOptions;
  /** Leave it out when there is nothing to learn. */
  readonly fit?: DetectorFit<F, S>;
  /**
   * One score per example, `[size]`. Pure; runs inside the chunk's synchronous `tf.tidy`, with the state on the device.
   */
  readonly score: (resources: ValuesOf<R>, state: OnDevice<S>, chunk: ChunkView) => tf.Tensor;
}

/**
 * What `defineDetector` takes for a detector with options of its own. `requires` is a function of them, and every hook
 * gets them last, defaults filled in, with the detector's `name` among them.
 */
export interface DetectorWithOptions<
  Name extends string,
  E extends Entries,
  R extends Requirements,
  F extends StatisticsOf,
  S extends DetectorState,
> extends DetectorFacts<Name> {
  /** The factory, as its callers write it, where it is not the name in camel case: its errors begin with it. */
  readonly call?: string;
  /** Its options: `{ temperature: positive().default(1).about('…') }`. `name` is always one of them. */
  readonly options?: E;
  /** What two options say against one another, as a message goes on: `"top must be at most 9 with gamma: 1"`. */
  readonly contradiction?: (options: OptionValues<E>) => string | undefined;
  /** Resources of the scoring pass, by the name `score` uses. */
  readonly requires: (options: OptionValues<E>) => R;
  /** Plain values that say which variant this is, where the options do not say it as they are. */
  readonly identity?: (options: OptionValues<E>, requires: NoInfer<R>) => MetricOptions;
  /** Leave it out when there is nothing to learn. */
  readonly fit?: {
    /** What is gathered in the one pass over the fit set; equal statistics are shared by all detectors. */
    readonly statistics: (options: OptionValues<E>) => F;
    /** Makes the state of them, on the host. */
    readonly finish: (statistics: StatisticValues<F>, context: FitContext, options: OptionValues<E>) => S | Promise<S>;
  };
  /**
   * One score per example, `[size]`. Pure; runs inside the chunk's synchronous `tf.tidy`, with the state on the device.
   */
  readonly score: (resources: ValuesOf<R>, state: OnDevice<S>, chunk: ChunkView, options: OptionValues<E>) => tf.Tensor;
}

/** A definition of either kind, before anything is known of it. */
export type AnyDetectorDefinition = Omit<DetectorFacts<string>, 'oodDirection'> & {
  readonly oodDirection?: unknown;
  readonly call?: unknown;
  readonly options?: unknown;
  readonly contradiction?: unknown;
  readonly identity?: unknown;
  readonly requires: unknown;
  readonly fit?: { readonly statistics: unknown; readonly finish: unknown };
  readonly score: unknown;
};

/** What is said of every detector's definition. */
export const detectorContract: PluginContract = {
  kind: 'detector',
  define: 'defineDetector',
  code: 'DETECTOR_INVALID',
  parts: {
    name: anything,
    call: text,
    oodDirection: anything,
    requires: either(record, callable),
    options: record,
    contradiction: callable,
    identity: callable,
    version: integer(1),
    fit: record,
    score: anything,
    onHost: callable,
  },
};

/**
 * Refuses a definition that is incomplete or contradicts itself.
 *
 * @throws VogError DETECTOR_INVALID
 */
export function checkDetectorDefinition(definition: AnyDetectorDefinition): void {
  checkDefinition(detectorContract, definition);
  const { name, requires, fit, oodDirection = 'low' } = definition;
  if (typeof definition.score !== 'function') {
    throw invalid(name, 'score must be a function that gives one value per example.');
  }
  if (oodDirection !== 'high' && oodDirection !== 'low') throw invalid(name, "oodDirection must be 'high' or 'low'.");
  if (fit !== undefined && typeof fit.finish !== 'function') {
    throw invalid(name, 'fit.finish must be a function that gives the state.');
  }
  if (typeof requires === 'function') {
    if (fit !== undefined && typeof fit.statistics !== 'function') {
      throw invalid(name, 'fit.statistics must be a function of the options, such as () => ({ bank: featureRows() }).');
    }
    return;
  }
  checkRequired(name, requires);
  if (fit !== undefined) checkStatistics(name, fit.statistics);
  for (const part of ['call', 'contradiction', 'identity'] as const) {
    if (definition[part] === undefined) continue;
    throw invalid(
      name,
      `${part} is of a detector with options: give requires as a function of them, such as () => ({ logits }).`,
    );
  }
}

/** Refuses what is no record of resources. */
export function checkRequired(name: string, requires: unknown): asserts requires is Requirements {
  checkRequirements(`Detector '${name}'`, requires, 'DETECTOR_INVALID', { plugin: { kind: 'detector', name } });
}

/** Refuses what is no record of statistics, or an empty one. */
export function checkStatistics(name: string, statistics: unknown): asserts statistics is StatisticsOf {
  if (!record.holds(statistics) || Object.keys(statistics as object).length === 0) {
    throw invalid(name, 'fit.statistics must name at least one statistic, such as { bank: featureRows() }.');
  }
  for (const [key, statistic] of Object.entries(statistics as Record<string, { begin?: unknown } | null>)) {
    if (typeof statistic?.begin === 'function') continue;
    throw invalid(
      name,
      `fit.statistics.${key} is not a statistic. Call its factory, or make one with defineStatistic.`,
    );
  }
}

function invalid(name: string, problem: string): VogError {
  return new VogError('DETECTOR_INVALID', `Detector '${name}': ${problem}`, { plugin: { kind: 'detector', name } });
}
