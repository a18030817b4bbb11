import type { OodDirection } from '../evaluation/sides.js';

/** A true positive rate with its exact interval. In-distribution is positive. */
export interface ThresholdTpr {
  /** What was asked for. */
  readonly target: number;
  /** Share of the calibration scores that the threshold lets in; ties are let in together. */
  readonly achieved: number;
  /** The Clopper-Pearson interval of the share that it lets in of other examples from the same source. */
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/**
 * A threshold to deploy, as plain data: `JSON.stringify` keeps all of it, `readThreshold` takes it back. It holds what a
 * decision needs, and what a reader needs to judge it.
 */
export interface OodThreshold {
  readonly format: 'vogjs-ood-threshold';
  readonly version: 1;
  /** The detector's name; null where bare numbers were calibrated. */
  readonly detector: string | null;
  /** File of the detector's fitted state, as it was given; null where there is none. */
  readonly fittedState: string | null;
  readonly oodDirection: OodDirection;
  /** In the units of the scores. A score on it is in-distribution; beyond it, in `oodDirection`, lies the rest. */
  readonly threshold: number;
  /** How it was chosen: 'achieved' by the share of the calibration scores, 'confident' by the low end of the interval. */
  readonly rule: 'achieved' | 'confident';
  readonly tpr: ThresholdTpr;
  /** Calibration examples. */
  readonly count: number;
  /** The calibration scores, or enough of them for conformal p-values. */
  readonly calibration: {
    /** Distinct scores, the most out-of-distribution first. */
    readonly scores: readonly number[];
    /** For each, how many of the calibration examples are at least as out-of-distribution. */
    readonly atLeastAsOut: readonly number[];
    /** So many of the first scores have no calibration score between them that was left out. */
    readonly complete: number;
  };
}
