import type { OodComparison, OodEvaluation, OodPair } from '@vogjs/ood';
import type { ReportOod } from '../input/ood.js';
import { formatLevel } from '../markup/format.js';

/** One detector on both sides, with its scores at hand. */
export interface ShownDetector {
  readonly name: string;
  readonly pair: OodPair;
  readonly evaluation: OodEvaluation;
  readonly compared: OodComparison['detectors'][string];
  readonly in: ArrayLike<number>;
  readonly out: ArrayLike<number>;
}

export function valuesOf(side: OodPair['in']): ArrayLike<number> {
  return 'values' in side && typeof side.values !== 'function' ? side.values : (side as ArrayLike<number>);
}

/** Does the threshold of an evaluation let a score in? */
export function letsIn({ oodDirection, thresholds, positive }: OodEvaluation, score: number): boolean {
  const sign = oodDirection === 'low' ? 1 : -1;
  const above = sign * (score - thresholds.atTpr);
  // The threshold itself belongs to the class that is positive.
  return score === thresholds.atTpr ? positive === 'in' : above > 0;
}

/** Percentile of OoD-ness of any score among those of both sides, 0 to 100, ties in the middle. */
export function percentileOf({ in: ins, out: outs, evaluation }: ShownDetector): (score: number) => number {
  const sorted = new Float64Array(ins.length + outs.length);
  sorted.set(Array.from(ins));
  sorted.set(Array.from(outs), ins.length);
  sorted.sort();
  const before = (score: number, orEqual: boolean): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (orEqual ? sorted[middle]! <= score : sorted[middle]! < score) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return (score) => {
    const below = (50 * (before(score, false) + before(score, true))) / sorted.length;
    return evaluation.oodDirection === 'high' ? below : 100 - below;
  };
}

/** What the threshold of the page is, in words. */
export function thresholdInWords({ evaluation }: Pick<ShownDetector, 'evaluation'>, ood: ReportOod): string {
  const { positive, tpr, tprRule } = evaluation;
  const share = formatLevel(tpr);
  const about = tprRule === 'nearest' ? 'as near as can be to' : 'at least';
  return positive === 'in'
    ? `the threshold that lets in ${about} ${share} of ${ood.in.name}`
    : `the threshold that finds ${about} ${share} of ${ood.out.name}`;
}
