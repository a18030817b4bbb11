import { asPublished } from './as-published.js';
import { FEATURE_LAYERS } from './network.js';
import { loss, type Metric, type Position, type ProbeOptions, type Scores, type ScorableModel } from '@vogjs/core';
import {
  aum,
  confidentLearning,
  csg,
  dataIq,
  dataMaps,
  el2n,
  entropy,
  forgetting,
  grand,
  margin,
  meanLoss,
  predictionDepth,
  prototypicality,
  selfInfluence,
  trajectoryVariance,
  vog,
} from '@vogjs/metrics';

/** What the metrics need to know of the training. */
export interface MetricSettings {
  /** The rate in force at a checkpoint, which weighs self-influence. */
  readonly learningRate: (position: Position) => number;
}

/** Every metric of `@vogjs/metrics` that a tracker can take; VoG of the logit as the paper has it. */
export function trackedMetrics({ learningRate }: MetricSettings): Metric[] {
  return [
    asPublished(vog({ name: 'vog-logit', activation: 'logit' })),
    vog({ name: 'vog-loss', activation: 'loss' }),
    csg(),
    el2n(),
    grand(),
    selfInfluence({ learningRate }),
    forgetting(),
    aum(),
    margin(),
    dataMaps(),
    dataIq(),
    meanLoss(),
    trajectoryVariance(loss),
    entropy(),
    confidentLearning(),
  ];
}

/** The training images as a probe, on the host. */
export interface ImageProbe extends ProbeOptions {
  readonly inputs: { readonly data: Float32Array; readonly shape: readonly number[] };
  readonly labels: Int32Array;
}

/** A score that compares the examples with one another, once, when training has ended. */
export interface FinalScore {
  readonly name: string;
  readonly score: (model: ScorableModel, probe: ImageProbe) => Promise<Scores>;
}

export const FINAL_SCORES: readonly FinalScore[] = [
  { name: 'prototypicality', score: (model, probe) => prototypicality(model, probe) },
  {
    name: 'prediction-depth',
    score: (model, probe) =>
      predictionDepth(model, probe, {
        layers: FEATURE_LAYERS,
        pool: 'average',
        k: Math.min(30, Math.max(1, Math.floor(probe.labels.length / 20))),
      }),
  },
];

/** `metric` or, where a metric has several columns, `metric.column`. */
export function scoreName({ metric, column }: Pick<Scores, 'metric' | 'column'>): string {
  return metric === column ? metric : `${metric}.${column}`;
}

/** Columns that say nothing by themselves of how hard an example is: the class probabilities of confident learning. */
export function isDifficulty({ column }: Pick<Scores, 'column'>): boolean {
  return !/^probability\d+$/.test(column);
}
