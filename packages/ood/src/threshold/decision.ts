import { type Check, checkOptions, either, list, numbers, oneOf, text, VogError } from '@vogjs/base';
import type { OodSide } from '../evaluation/sides.js';
import { readThreshold } from './reading.js';
import type { OodThreshold } from './threshold.js';

/** What a threshold says of one example. */
export interface OodDecision {
  /** The score lies beyond the threshold. */
  readonly isOod: boolean;
  readonly score: number;
  /**
   * Conformal p-value: (1 + calibration examples at least as out-of-distribution) / (n + 1). Of in-distribution examples
   * drawn as those of the calibration, at most a share a has a p-value of at most a, for every a.
   */
  readonly pValue: number;
}

/**
 * Decides for each score whether its example is out-of-distribution.
 *
 * A p-value needs no threshold: `pValue <= 0.01` is wrong for at most one in-distribution example in a hundred. Of many
 * examples tested together, `benjaminiHochberg` of `@vogjs/metrics` bounds the share of false alarms among the alarms
 * (Bates et al. 2023).
 *
 * @param threshold from `calibrateThreshold` or `readThreshold`
 * @param scores one score per example, of the same detector; bare numbers are taken as its scores
 * @returns a decision per example; none for an empty batch
 * @throws VogError INPUT_NOT_FINITE (NaN), ARGUMENT_INVALID (scores of another detector or direction)
 * Source: Vovk, Gammerman and Shafer 2005, Algorithmic Learning in a Random World, section 2.2.
 */
export function decideOod(threshold: OodThreshold, scores: OodSide): OodDecision[] {
  readThreshold(threshold);
  const values = valuesOf(threshold, scores);
  const { oodDirection, calibration, count, threshold: cut } = threshold;
  const isBeyond = (score: number, other: number): boolean => (oodDirection === 'low' ? score < other : score > other);
  return Array.from(values, (score: unknown, example): OodDecision => {
    if (typeof score !== 'number' || Number.isNaN(score)) {
      throw new VogError(
        'INPUT_NOT_FINITE',
        `The score of example ${example} is ${String(score)}; nothing can be decided of it. Find where the detector makes it.`,
      );
    }
    // The first kept score that this one is not short of, counted from the most out-of-distribution.
    let [low, high] = [0, calibration.scores.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBeyond(score, calibration.scores[middle]!)) high = middle;
      else low = middle + 1;
    }
    return { isOod: isBeyond(score, cut), score, pValue: (1 + outCount(threshold, low, score)) / (count + 1) };
  });
}

/**
 * Calibration examples at least as out-of-distribution as a score, given how many of the kept scores are. Where scores
 * between two kept ones were left out, all of them are counted: a p-value is never too small.
 */
function outCount({ calibration }: OodThreshold, kept: number, score: number): number {
  const { scores, atLeastAsOut, complete } = calibration;
  const known = atLeastAsOut[kept - 1] ?? 0;
  if (kept < complete || kept === scores.length || scores[kept - 1] === score) return known;
  return atLeastAsOut[kept]! - 1;
}

const SIDE: Readonly<Record<string, Check>> = {
  values: either(numbers, list),
  oodDirection: oneOf('high', 'low'),
  detector: text,
};

function valuesOf(threshold: OodThreshold, scores: OodSide): ArrayLike<number> {
  if (numbers.holds(scores)) return scores as ArrayLike<number>;
  checkOptions('decideOod, scores', scores, SIDE, ['values', 'oodDirection', 'detector']);
  if (!('values' in scores) || typeof scores.values === 'function') return [];
  for (const key of ['detector', 'oodDirection'] as const) {
    if (threshold[key] === null || scores[key] === threshold[key]) continue;
    throw new VogError(
      'ARGUMENT_INVALID',
      `The threshold was calibrated for ${key} ${JSON.stringify(threshold[key])}, the scores have ${JSON.stringify(scores[key])}. ` +
        'Scores of different detectors have different units: calibrate a threshold for this one.',
    );
  }
  return scores.values;
}
