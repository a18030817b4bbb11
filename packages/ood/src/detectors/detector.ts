import type { ChunkView, MetricOptions, Requirements } from '@vogjs/core';
import type * as tf from '@tensorflow/tfjs';
import type { StatisticsOf, StatisticValues } from '../fit-statistics/statistic.js';
import type { HostArray } from '../host-array.js';

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
