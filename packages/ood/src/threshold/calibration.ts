import { refuseUnknownKeys, shown, VogError } from '@vogjs/base';
import { clopperPearson } from '@vogjs/statistics';
import { reaches } from '../evaluation/figures.js';
import { requireShare } from '../evaluation/options.js';
import { readSide, type OodDirection, type OodSide } from '../evaluation/sides.js';
import type { OodThreshold } from './threshold.js';

/** Options of `calibrateThreshold`. */
export interface CalibrationOptions {
  /** Share of in-distribution examples to let in, in (0, 1); 0.95 unless told. */
  readonly tpr?: number;
  /** Confidence of the interval around the share let in; 0.95 unless told. */
  readonly confidence?: number;
  /**
   * - 'achieved' (default): the strictest threshold that lets in at least `tpr` of the calibration examples. On other
   *   examples it lets in less about half the time.
   * - 'confident': the strictest one whose interval lies at or above `tpr`. A promise, paid for in more OoD examples let in.
   */
  readonly rule?: 'achieved' | 'confident';
  /**
   * The most distinct calibration scores to keep for p-values; 2,000 unless told. Of more, half are the most
   * out-of-distribution, and the rest is spread evenly: a p-value between two kept scores is the larger of theirs.
   */
  readonly points?: number;
  /** The out-of-distribution end of bare numbers; 'low' unless told. */
  readonly oodDirection?: OodDirection;
  /** File of the detector's fitted state, to be found with the threshold. */
  readonly fittedState?: string;
}

/**
 * Chooses the threshold below which an example counts as out-of-distribution, from in-distribution examples alone.
 *
 * ```ts
 * const threshold = calibrateThreshold(validationScores, { tpr: 0.95 });
 * await writeFile('threshold.json', JSON.stringify(threshold));
 * decideOod(readThreshold(await readFile('threshold.json', 'utf8')), scores);   // [{ isOod, score, pValue }, …]
 * ```
 *
 * Calibrate on examples that neither the model nor the detector was fitted to, drawn as those to come. The share that
 * a threshold on the k-th highest of n confidences lets in of such examples is distributed as Beta(k, n - k + 1),
 * whatever the distribution of the scores. So the interval's low end is exact for scores without ties and cautious
 * with them.
 *
 * @param inScores one score per in-distribution example
 * @throws VogError SAMPLE_TOO_SMALL (no score; under 'confident', too few for the promise), INPUT_NOT_FINITE (NaN, or an
 * infinity, which JSON does not keep), ARGUMENT_INVALID
 * Source: Clopper and Pearson 1934 (interval); Wilks 1941 (order statistics as tolerance limits).
 */
export function calibrateThreshold(inScores: OodSide, options: CalibrationOptions = {}): OodThreshold {
  const { tpr, confidence, rule, points, fittedState } = readOptions(options);
  const { confidence: values, oodDirection, detector } = readSide('inScores', inScores, options.oodDirection);
  const infinite = values.findIndex((value) => !Number.isFinite(value));
  if (infinite !== -1) {
    throw new VogError(
      'INPUT_NOT_FINITE',
      `inScores[${infinite}] is infinite; a threshold is saved as JSON, which has finite numbers only.`,
    );
  }
  const sorted = values.slice().sort();
  const count = sorted.length;
  const needed = leastLetIn(rule, tpr, count, confidence);
  const confidenceAt = sorted[count - needed]!;
  let letIn = needed;
  while (letIn < count && sorted[count - letIn - 1] === confidenceAt) letIn++;
  const { estimate, low, high } = clopperPearson(letIn, count, confidence);
  const sign = oodDirection === 'low' ? 1 : -1;
  return {
    format: 'vogjs-ood-threshold',
    version: 1,
    detector,
    fittedState,
    oodDirection,
    threshold: sign * confidenceAt + 0,
    rule,
    tpr: { target: tpr, achieved: estimate, low, high, confidence },
    count,
    calibration: summaryOf(sorted, points, sign),
  };
}

/**
 * The number of calibration examples that must be let in, at least; ties let in more.
 *
 * @throws VogError SAMPLE_TOO_SMALL under 'confident'
 */
export function leastLetIn(rule: OodThreshold['rule'], tpr: number, count: number, confidence: number): number {
  return rule === 'achieved' ? neededFor(tpr, count) : neededForPromise(tpr, count, confidence);
}

/** The least k with k / count >= tpr, by the same comparison that an evaluation makes. */
function neededFor(tpr: number, count: number): number {
  let needed = Math.max(1, Math.ceil(tpr * count));
  while (needed > 1 && reaches((needed - 1) / count, tpr)) needed--;
  while (!reaches(needed / count, tpr)) needed++;
  return needed;
}

/** The least k whose interval lies at or above tpr. */
function neededForPromise(tpr: number, count: number, confidence: number): number {
  const promises = (letIn: number): boolean => clopperPearson(letIn, count, confidence).low >= tpr;
  if (!promises(count)) {
    const enough = Math.ceil(Math.log((1 - confidence) / 2) / Math.log(tpr));
    throw new VogError(
      'SAMPLE_TOO_SMALL',
      `${count} calibration examples cannot promise a share of ${tpr} let in at confidence ${confidence}: even the lowest ` +
        `of them as threshold does not. It takes at least ${enough}; give more examples, or a lower tpr or confidence.`,
    );
  }
  let [low, high] = [1, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (promises(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Distinct scores from the most out-of-distribution, with their counts; at most `points` of them. */
function summaryOf(sorted: Float64Array, points: number, sign: 1 | -1): OodThreshold['calibration'] {
  const scores: number[] = [];
  const atLeastAsOut: number[] = [];
  for (let start = 0; start < sorted.length;) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    scores.push(sign * sorted[start]! + 0);
    atLeastAsOut.push(end);
    start = end;
  }
  if (scores.length <= points) return { scores, atLeastAsOut, complete: scores.length };
  const exact = Math.floor(points / 2);
  const spread = points - exact;
  const kept = Array.from({ length: points }, (_, index) =>
    index < exact ? index : exact - 1 + Math.round(((index - exact + 1) * (scores.length - exact)) / spread),
  );
  return {
    scores: kept.map((index) => scores[index]!),
    atLeastAsOut: kept.map((index) => atLeastAsOut[index]!),
    complete: exact,
  };
}

function readOptions(options: CalibrationOptions) {
  const names = ['tpr', 'confidence', 'rule', 'points', 'oodDirection', 'fittedState'];
  refuseUnknownKeys('calibrateThreshold', options, names);
  const { tpr = 0.95, confidence = 0.95, rule = 'achieved', points = 2000, fittedState = null } = options;
  requireShare('tpr', tpr);
  if (rule !== 'achieved' && rule !== 'confident') {
    throw new VogError('ARGUMENT_INVALID', `rule is ${JSON.stringify(rule)}; it must be 'achieved' or 'confident'.`);
  }
  if (tpr === 1 && rule === 'confident') {
    throw new VogError('ARGUMENT_INVALID', 'tpr is 1; no number of examples can promise that every other is let in.');
  }
  if (!Number.isInteger(points) || points < 2) {
    throw new VogError('ARGUMENT_INVALID', `points is ${points}; it must be a whole number of at least 2.`);
  }
  if (fittedState !== null && (typeof fittedState !== 'string' || fittedState === '')) {
    throw new VogError('ARGUMENT_INVALID', `fittedState is ${shown(fittedState)}; it must be the name of a file.`);
  }
  return { tpr, confidence, rule, points, fittedState };
}
