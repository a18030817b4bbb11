import { anything, callable, checkOptions, integer, record } from '@vogjs/base';
import {
  type ChunkView,
  type MetricOptions,
  type Requirements,
  type Resource,
  type ResourceValue,
  type ValuesOf,
  VogError,
} from '@vogjs/core';
import type * as tf from '@tensorflow/tfjs';
import type { HostArray } from '../host-array.js';
import type { StatisticsOf, StatisticValues } from '../statistics/statistic.js';

/** What a detector learned from the fit set: a flat record of arrays. On the device it is float32 and int32. */
export type DetectorState = Readonly<Record<string, HostArray>>;

/** What `finish` knows beside the statistics. */
export interface FitContext {
  /** Examples of the fit set. */
  readonly examples: number;
  readonly classes: number;
  /**
   * The last layer, `logits = features · kernel + bias`: `[features, classes]` and `[classes]`.
   *
   * @throws VogError HEAD_NOT_LINEAR
   */
  head(): Promise<{ readonly kernel: HostArray; readonly bias: HostArray }>;
}

/** How a detector learns from the fit set. */
export interface DetectorFit<F extends StatisticsOf, S extends DetectorState> {
  /** What is gathered in the one pass over the fit set; equal statistics are shared by all detectors. */
  readonly statistics: F;
  /** Makes the state of them, on the host. */
  readonly finish: (statistics: StatisticValues<F>, context: FitContext) => S | Promise<S>;
}

/** What `defineDetector` takes. */
export interface DetectorDefinition<
  Name extends string,
  R extends Requirements,
  F extends StatisticsOf,
  S extends DetectorState,
> {
  /** Unique within a call. */
  readonly name: Name;
  /** Which end of the scores is out-of-distribution. Default `'low'`, the confidence form. */
  readonly oodDirection?: 'high' | 'low';
  /** Resources of the scoring pass, by the name `score` uses. */
  readonly requires: R;
  /** Plain values that say which variant this is; a saved state is only loaded into the same. */
  readonly options?: MetricOptions;
  /** Raise it when the state's meaning changes. Default 1. */
  readonly version?: number;
  /** Leave it out when there is nothing to learn. */
  readonly fit?: DetectorFit<F, S>;
  /**
   * One score per example, `[size]`. Pure; runs inside the chunk's synchronous `tf.tidy`, with the state on the device.
   */
  readonly score: (
    resources: ValuesOf<R>,
    state: { readonly [Field in keyof NoInfer<S>]: tf.Tensor },
    chunk: ChunkView,
  ) => tf.Tensor;
  /** A last step for each score in float64, where float32 has no digits left: near a probability of 1, say. */
  readonly onHost?: (score: number) => number;
}

/** A detector as the engine sees it: made by `defineDetector`. */
export interface Detector<Name extends string = string> {
  readonly name: Name;
  readonly oodDirection: 'high' | 'low';
  readonly requires: Requirements;
  readonly options: MetricOptions;
  readonly version: number;
  readonly fit: DetectorFit<StatisticsOf, DetectorState> | undefined;
  score(
    resources: Readonly<Record<string, unknown>>,
    state: Readonly<Record<string, tf.Tensor>>,
    chunk: ChunkView,
  ): tf.Tensor;
  readonly onHost: ((score: number) => number) | undefined;
}

/**
 * Checks a detector's definition and types it: reading a resource or a part of the state that was not declared does
 * not compile.
 *
 * @throws VogError DETECTOR_INVALID
 */
export function defineDetector<
  const Name extends string,
  const R extends Requirements,
  F extends StatisticsOf,
  S extends DetectorState,
>(definition: DetectorDefinition<Name, R, F, S>): Detector<Name> {
  checkOptions('defineDetector', definition, PARTS, [], 'DETECTOR_INVALID');
  const { name, requires, fit } = definition;
  if (typeof name !== 'string' || !/^[A-Za-z][\w.-]*$/.test(name)) {
    throw new VogError(
      'DETECTOR_INVALID',
      `A detector's name must start with a letter and hold letters, digits, '.', '-' or '_' only; got '${String(name)}'.`,
    );
  }
  const fail = (problem: string): never => {
    throw new VogError('DETECTOR_INVALID', `Detector '${name}': ${problem}`, { plugin: { kind: 'detector', name } });
  };
  if (typeof definition.score !== 'function') fail('score must be a function that gives one value per example.');
  checkResources(requires, 'requires', fail);
  const { oodDirection = 'low' } = definition;
  if (oodDirection !== 'high' && oodDirection !== 'low') fail("oodDirection must be 'high' or 'low'.");
  if (fit !== undefined) {
    if (typeof fit.finish !== 'function') fail('fit.finish must be a function that gives the state.');
    if (typeof fit.statistics !== 'object' || fit.statistics === null || Object.keys(fit.statistics).length === 0) {
      fail('fit.statistics must name at least one statistic, such as { bank: featureRows() }.');
    }
    for (const [key, statistic] of Object.entries(fit.statistics)) {
      if (typeof statistic?.begin !== 'function') {
        fail(`fit.statistics.${key} is no statistic. Call its factory, or make one with defineStatistic.`);
      }
    }
  }
  // From here on the engine carries state and statistics without knowing their fields; these casts are where it forgets.
  return {
    name,
    oodDirection,
    requires,
    options: definition.options ?? {},
    version: definition.version ?? 1,
    fit: fit as unknown as Detector['fit'],
    score: definition.score as unknown as Detector['score'],
    onHost: definition.onHost,
  };
}

/** Parts of a definition; those that are looked into in detail pass here. */
const PARTS = {
  name: anything,
  oodDirection: anything,
  requires: anything,
  options: record,
  version: integer(1),
  fit: record,
  score: anything,
  onHost: callable,
};

function checkResources(requires: unknown, where: string, fail: (problem: string) => never): void {
  if (!record.holds(requires)) fail(`${where} must be a record of resources: { logits }.`);
  for (const [key, resource] of Object.entries(requires as Record<string, Resource<ResourceValue>>)) {
    if (typeof resource?.key !== 'string' || typeof resource.compute !== 'function') {
      fail(`${where}.${key} is not a resource. Import one (logits, penultimate, …) or make it with defineResource.`);
    }
  }
}
