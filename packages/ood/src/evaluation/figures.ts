import type { Detections, Levels } from './levels.js';

/** How the area under precision over recall is taken; see `OodOptions`. */
export type Interpolation = 'average-precision' | 'trapezoid' | 'balanced';

/**
 * Probability that an in-distribution example is more confident than an out-of-distribution one, ties half: the
 * Mann-Whitney statistic over its maximum. Counted in integers and halves, exact while n_in * n_out < 2^52.
 */
export function aurocOf({ inAbove, outAbove }: Levels): number {
  let wins = 0;
  let ins = 0;
  let outs = 0;
  for (let level = 0; level < inAbove.length; level++) {
    wins += (outAbove[level]! - outs) * ((ins + inAbove[level]!) / 2);
    ins = inAbove[level]!;
    outs = outAbove[level]!;
  }
  return wins / (ins * outs);
}

/**
 * Area under precision over recall of the positive class, from recall 0 up.
 *
 * - 'average-precision': sum of (recall - previous recall) * precision (scikit-learn's `average_precision_score`).
 * - 'balanced': the same with precision = TPR / (TPR + FPR), as if both sides were equally frequent.
 * - 'trapezoid': straight lines between the points, from precision 1 at recall 0.
 */
export function auprOf({ positives, negatives }: Detections, interpolation: Interpolation): number {
  const total = positives.at(-1)!;
  const weight = interpolation === 'balanced' ? total / negatives.at(-1)! : 1;
  // Compensated (Kahan): a million terms keep all their digits.
  let area = 0;
  let lost = 0;
  let before = 0;
  let precisionBefore = 1;
  for (let level = 0; level < positives.length; level++) {
    const here = positives[level]!;
    const precision = here / (here + weight * negatives[level]!);
    const height = interpolation === 'trapezoid' ? (precision + precisionBefore) / 2 : precision;
    const term = (here - before) * height - lost;
    const sum = area + term;
    lost = sum - area - term;
    area = sum;
    before = here;
    precisionBefore = precision;
  }
  return area / total;
}

/** A threshold, as the index of its level in the order of the detections, and the rates there. */
export interface OperatingPoint {
  /** -1: above every score, nothing called positive. */
  readonly level: number;
  readonly tpr: number;
  readonly fpr: number;
}

/** Does a rate reach another, up to the rounding of one that was computed: 0.1 + 0.2 is 3 of 10. */
export function reaches(rate: number, tpr: number): boolean {
  return rate >= tpr - 1e-12;
}

/** The first threshold that calls at least the share `tpr` of the positives positive. */
export function firstReaching({ positives, negatives }: Detections, tpr: number): OperatingPoint {
  const total = positives.at(-1)!;
  let [low, high] = [0, positives.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reaches(positives[middle]! / total, tpr)) high = middle;
    else low = middle + 1;
  }
  return pointAt({ positives, negatives }, low);
}

/**
 * The threshold whose TPR is nearest to `tpr`. Of equally near ones it takes that of the higher TPR. Of those with one
 * TPR it takes that with the most false positives, but at TPR 1 that with the fewest. This is the rule of the Outlier
 * Exposure code.
 */
export function nearestTo({ positives, negatives }: Detections, tpr: number): OperatingPoint {
  const total = positives.at(-1)!;
  let best = -1;
  let distance = tpr;
  for (let level = 0; level < positives.length; level++) {
    if (level > 0 && positives[level - 1] === total) break;
    const away = Math.abs(positives[level]! / total - tpr);
    if (away > distance) continue;
    best = level;
    distance = away;
  }
  return pointAt({ positives, negatives }, best);
}

function pointAt({ positives, negatives }: Detections, level: number): OperatingPoint {
  const rate = (counts: Float64Array): number => (counts[level] ?? 0) / counts.at(-1)!;
  return { level, tpr: rate(positives), fpr: rate(negatives) };
}

/**
 * The least share of mistakes over every threshold t, in-distribution from t up: the mean of P(in < t) and
 * P(out >= t), or both weighted by how many examples each side has. Of equal thresholds the highest.
 *
 * @returns the error, and the level of t; -1 for a t above every score
 */
export function leastError({ inAbove, outAbove }: Levels, prior: 'balanced' | 'empirical') {
  const ins = inAbove.at(-1)!;
  const outs = outAbove.at(-1)!;
  // In whole numbers: thresholds that are equal are equal, where a sum of quotients would tell them apart by rounding.
  const [inWeight, outWeight, whole] = prior === 'balanced' ? [outs, ins, 2 * ins * outs] : [1, 1, ins + outs];
  let level = -1;
  let least = ins * inWeight;
  for (let at = 0; at < inAbove.length; at++) {
    const here = (ins - inAbove[at]!) * inWeight + outAbove[at]! * outWeight;
    if (here < least) [level, least] = [at, here];
  }
  return { level, error: least / whole };
}

/** Share of (in, out) pairs that lie on one level. */
export function tiedPairs({ inAbove, outAbove }: Levels): number {
  let pairs = 0;
  for (let level = 0; level < inAbove.length; level++) {
    pairs += (inAbove[level]! - (inAbove[level - 1] ?? 0)) * (outAbove[level]! - (outAbove[level - 1] ?? 0));
  }
  return pairs / (inAbove.at(-1)! * outAbove.at(-1)!);
}
