import { VogError } from '@vogjs/base';
import { clopperPearson } from '@vogjs/statistics';
import { leastLetIn } from './calibration.js';
import { requireField } from './fields.js';
import type { OodThreshold } from './threshold.js';

/** Shares and ends of intervals are printed in full; the least digits may differ from engine to engine. */
const CLOSE = 1e-9;

/**
 * Checks the numbers of a threshold against each other; each is known to be possible by itself. The threshold is the
 * calibration score that the rule chooses, and the rate and its interval are those of this score.
 *
 * @throws VogError STATE_INVALID
 */
export function checkAgreement(threshold: OodThreshold): void {
  const { tpr, rule, count } = threshold;
  requireField('tpr.target', tpr.target, tpr.target > 0, 'above 0, up to 1');
  const { confidence } = tpr;
  requireField('tpr.confidence', confidence, confidence > 0 && confidence < 1, 'between 0 and 1');
  const needed = requiredLetIn(threshold);
  const rank = count - needed;
  const { atLeast, most } = lettingIn(threshold);
  // Sorted from the most out-of-distribution, the threshold is the score at this rank, or one of its ties.
  requireField(
    'threshold',
    threshold.threshold,
    atLeast <= count && most >= needed && isAtRank(threshold, rank),
    `the calibration score at rank ${rank} of ${count}, which lets in ${tpr.target} under '${rule}'`,
  );
  const letIn = Math.round(tpr.achieved * count);
  requireField(
    'tpr.achieved',
    tpr.achieved,
    letIn >= Math.max(atLeast, needed) && letIn <= most && Math.abs(letIn / count - tpr.achieved) <= CLOSE,
    atLeast === most
      ? `${atLeast / count}, as the calibration scores say`
      : `from ${atLeast / count} to ${most / count}`,
  );
  const { low, high } = clopperPearson(letIn, count, confidence);
  requireField(
    'tpr.low',
    tpr.low,
    Math.abs(tpr.low - low) <= CLOSE,
    `${low}, the interval's low end for ${letIn} of ${count}`,
  );
  requireField(
    'tpr.high',
    tpr.high,
    Math.abs(tpr.high - high) <= CLOSE,
    `${high}, the interval's high end for ${letIn} of ${count}`,
  );
}

function requiredLetIn({ rule, tpr, count }: OodThreshold): number {
  requireField('rule', rule, rule === 'achieved' || tpr.target < 1, "'achieved' for a target of 1");
  try {
    return leastLetIn(rule, tpr.target, count, tpr.confidence);
  } catch (error) {
    if (!(error instanceof VogError) || error.code !== 'SAMPLE_TOO_SMALL') throw error;
    throw new VogError('STATE_INVALID', `The threshold's count contradicts its rule: ${error.message}`, {
      cause: error,
    });
  }
}

/** Position of the first kept score that is not more out-of-distribution than the threshold; and whether it is equal. */
function placeOf({ threshold, oodDirection, calibration: { scores } }: OodThreshold): { at: number; isKept: boolean } {
  const isBeyond = (score: number): boolean => (oodDirection === 'low' ? score < threshold : score > threshold);
  const found = scores.findIndex((score) => !isBeyond(score));
  const at = found === -1 ? scores.length : found;
  return { at, isKept: scores[at] === threshold };
}

/** The least and the most calibration examples that the threshold may let in, given the scores that were kept. */
function lettingIn(threshold: OodThreshold): { readonly atLeast: number; readonly most: number } {
  const { count, calibration } = threshold;
  const { atLeastAsOut, complete } = calibration;
  const { at, isKept } = placeOf(threshold);
  const before = at === 0 ? 0 : atLeastAsOut[at - 1]!;
  // No score was left out among the first: the one before is the neighbour.
  if (isKept && (at < complete || at === 0)) return { atLeast: count - before, most: count - before };
  return { atLeast: count - (atLeastAsOut[at] ?? count) + (isKept ? 1 : 2), most: count - before };
}

/** Whether the score at a rank can be the threshold: it is kept there, or was left out between its neighbours. */
function isAtRank(threshold: OodThreshold, rank: number): boolean {
  const { atLeastAsOut, complete, scores } = threshold.calibration;
  const { at, isKept } = placeOf(threshold);
  const before = at === 0 ? 0 : atLeastAsOut[at - 1]!;
  if (isKept) return rank >= before && rank < atLeastAsOut[at]!;
  const wasLeftOut = at >= Math.max(1, complete) && at < scores.length;
  return wasLeftOut && rank >= before && rank < atLeastAsOut[at]! - 1;
}
