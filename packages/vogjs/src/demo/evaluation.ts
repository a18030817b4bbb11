import type { Scores } from '@vogjs/core';
import {
  classCorrelation,
  type ClassCorrelation,
  type Detection,
  type ErrorByPercentile,
  errorByPercentile,
  errorsOf,
  evaluateDetection,
} from '@vogjs/metrics';
import type { NoisyImages } from './images.js';
import type { TrainedRun } from './training.js';

/** Names of the windows that the demo tracks, in time order. */
export const WINDOWS = ['early', 'middle', 'late'] as const;

/** Everything that the demo says about a run. */
export interface DemoResults {
  readonly scores: Scores;
  readonly windows: Readonly<Record<(typeof WINDOWS)[number], Scores>>;
  readonly predictions: Int32Array;
  /** Share of predictions that equal the true label. */
  readonly accuracy: number;
  /** Finding the planted labels, by metric and window; 'complete' first. A window with one checkpoint has no scores. */
  readonly detection: Readonly<Record<string, Readonly<Record<string, Detection>>>>;
  /** Error against the true label, over the percentiles of 'complete'. */
  readonly errors: ErrorByPercentile;
  readonly classes: ClassCorrelation;
}

/** Scores every window and evaluates it against the planted labels. */
export async function evaluate(
  { tracker, predictions }: TrainedRun,
  { trueLabels, planted, size }: NoisyImages,
): Promise<DemoResults> {
  const scores = await tracker.scores('vog');
  const [early, middle, late] = await Promise.all(WINDOWS.map((window) => tracker.scores('vog', { window })));
  if (early === undefined || middle === undefined || late === undefined) throw new Error('unreachable: three windows');
  const wrong = errorsOf(trueLabels, predictions);
  const detection: Record<string, Record<string, Detection>> = {};
  for (const metric of tracker.metrics) {
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
    accuracy: 1 - wrong.reduce((sum, flag) => sum + flag, 0) / size,
    detection,
    errors: errorByPercentile(scores, wrong),
    classes: classCorrelation(scores, wrong),
  };
}
