import { declareOptions, type InputOf } from '@vogjs/base/options';
import { bootstrapRows, type Interval, intervalOptions } from './bootstrap.js';
import { detectionAreas } from './detection-areas.js';
import { readDetection } from './detection.js';
import { requireSameLength, requireScores } from './arguments.js';
import type { DifficultyScores, Flags } from './difficulty-scores.js';

const ofIntervals = declareOptions('detectionIntervals', intervalOptions);
const ofComparison = declareOptions('compareDetection', intervalOptions);

/** Options of the intervals; the strata are the flags. */
export type DetectionIntervalOptions = InputOf<typeof ofIntervals.entries>;

/** How well one score finds the flagged examples, with intervals. */
export interface DetectionIntervals {
  readonly auroc: Interval;
  readonly averagePrecision: Interval;
}

/** Two scores on the same examples, and their difference: first minus second. */
export interface DetectionComparison {
  readonly first: DetectionIntervals;
  readonly second: DetectionIntervals;
  /** Its interval excludes 0 where the examples tell the two apart. */
  readonly difference: DetectionIntervals;
}

/**
 * AUROC and average precision of `evaluateDetection`, each with a bootstrap confidence interval.
 *
 * Flagged and other examples are drawn each from their own, so that the base rate, on which average precision depends,
 * stays what it is. The interval is about examples, not about training runs (see `bootstrap`). One resample costs one
 * pass over the examples; `method: 'bca'` adds a pass for each example, which is slow from about 50,000 on.
 *
 * @throws VogError as `evaluateDetection` and `bootstrap`
 */
export function detectionIntervals(
  scores: DifficultyScores,
  isPositive: Flags,
  options: DetectionIntervalOptions = {},
): DetectionIntervals {
  const resolved = ofIntervals.resolve(options);
  const { difficulty, flags } = readDetection(scores, isPositive);
  const areas = detectionAreas(difficulty, flags);
  const evaluate = (rows: Uint32Array): readonly number[] => {
    const { auroc, averagePrecision } = areas(rows);
    return [auroc, averagePrecision];
  };
  return named(bootstrapRows(flags.length, evaluate, { ...resolved, strata: flags }));
}

/**
 * Does one score find the flagged examples better than another? Both are evaluated on the same resamples, so that what
 * they share cancels: the interval of the difference is narrower than the two intervals suggest, and it alone answers
 * the question. Of many pairs compared, some differ by chance.
 *
 * @param first scores of the examples, in the order of `isPositive`
 * @param second other scores of the same examples
 * @throws VogError PROBE_MISMATCH (lengths), and as `evaluateDetection` and `bootstrap`
 */
export function compareDetection(
  first: DifficultyScores,
  second: DifficultyScores,
  isPositive: Flags,
  options: DetectionIntervalOptions = {},
): DetectionComparison {
  const resolved = ofComparison.resolve(options);
  requireScores('The first score', first);
  requireScores('The second score', second);
  requireSameLength('The second score', second.values.length, 'the first', first.values.length);
  const { difficulty, flags } = readDetection(first, isPositive);
  const areasOfFirst = detectionAreas(difficulty, flags);
  const areasOfSecond = detectionAreas(readDetection(second, isPositive).difficulty, flags);
  const evaluate = (rows: Uint32Array): readonly number[] => {
    const one = areasOfFirst(rows);
    const other = areasOfSecond(rows);
    return [
      one.auroc,
      one.averagePrecision,
      other.auroc,
      other.averagePrecision,
      one.auroc - other.auroc,
      one.averagePrecision - other.averagePrecision,
    ];
  };
  const intervals = bootstrapRows(flags.length, evaluate, { ...resolved, strata: flags });
  return {
    first: named(intervals.slice(0, 2)),
    second: named(intervals.slice(2, 4)),
    difference: named(intervals.slice(4)),
  };
}

function named([auroc, averagePrecision]: readonly Interval[]): DetectionIntervals {
  return { auroc: auroc!, averagePrecision: averagePrecision! };
}
