import type { Scores } from '@vogjs/core';
import {
  classCorrelation,
  type ClassCorrelation,
  type Detection,
  type ErrorByPercentile,
  errorByPercentile,
  errorsOf,
  evaluateDetection,
} from '@vogjs/statistics';
import type { NoisyImages } from './images.js';
import type { TrainedRun } from './training.js';

/** Names of the windows that the demo tracks, in time order. */
export const WINDOWS = ['early', 'middle', 'late'] as const;

/** The readings of VoG that are told beside each other; the other metrics are for the run's issues. */
const READINGS = ['vog', 'vog-logit'] as const;

/** Everything that the demo says about a run. */
export interface DemoResults {
  readonly scores: Scores;
  readonly windows: Readonly<Record<(typeof WINDOWS)[number], Scores>>;
  readonly predictions: Int32Array;
  /** Share of predictions that equal the true label. */
  readonly accuracy: number;
  /** Finding the planted labels, by metric and window; 'complete' first. A window with one checkpoint has no scores. */
  readonly detection: Readonly<Record<string, Readonly<Record<string, Detection>>>>;
  /** Predictions that differ from the given label, over the percentiles of 'complete'; the report counts the same. */
  readonly errors: ErrorByPercentile;
  /** Class difficulty against class error: with the z-score's sign, and as published, with its absolute value. */
  readonly classes: { readonly signed: ClassCorrelation; readonly absolute: ClassCorrelation };
}

/** Scores every window and evaluates it against the planted labels. */
export async function evaluate(
  { tracker, predictions }: TrainedRun,
  { trueLabels, givenLabels, planted, size }: NoisyImages,
): Promise<DemoResults> {
  const scores = await tracker.scores('vog');
  const [early, middle, late] = await Promise.all(WINDOWS.map((window) => tracker.scores('vog', { window })));
  if (early === undefined || middle === undefined || late === undefined) throw new Error('unreachable: three windows');
  const untrue = errorsOf(trueLabels, predictions);
  const wrong = errorsOf(givenLabels, predictions);
  const detection: Record<string, Record<string, Detection>> = {};
  for (const metric of READINGS) {
    const found: Record<string, Detection> = (detection[metric] = {});
    for (const window of ['complete', ...WINDOWS]) {
      const scored = await tracker.scores(metric, { window });
      if (scored.checkpoints >= 2) found[window] = evaluateDetection(scored, planted, { shares: [0.05] });
    }
  }
  return {
    scores,
    windows: { early, middle, late },
    predictions,
    accuracy: 1 - untrue.reduce((sum, flag) => sum + flag, 0) / size,
    detection,
    errors: errorByPercentile(scores, wrong),
    classes: {
      signed: classCorrelation(scores, wrong, { normalise: 'dataset' }),
      absolute: classCorrelation(scores, wrong),
    },
  };
}
