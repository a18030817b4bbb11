import type { OodFigures } from './evaluation.js';
import { reaches, tiedPairs } from './figures.js';
import { detectionsOf, type Detections, type Levels } from './levels.js';
import type { OodConventions } from './conventions.js';

/** Between which the exact figure lies. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** For each figure, between which values the exact one lies, whatever the order of the examples within each bin. */
export type OodBounds = { readonly [Figure in keyof OodFigures]: Bounds };

/**
 * Bounds from counts in bins: an exact threshold either lies between two bins, where every count is known, or within one.
 *
 * - AUROC: a pair of one bin counts between 0 and 1, here a half: off by at most half the share of such pairs.
 * - AUPR: a bin starts at T positives and F negatives, and holds a and b. The precision at its i-th positive lies
 *   between (T + i) / (T + i + F + b) and (T + a) / (T + a + F).
 * - FPR at a TPR: between its values at the two ends of the bin in which the TPR is reached.
 * - detection error: no threshold within a bin loses fewer in-distribution examples than its lower end, nor lets in fewer
 *   others than its upper end.
 */
export function boundsOf(levels: Levels, figures: OodFigures, conventions: OodConventions): OodBounds {
  const { tpr, positive, interpolation } = conventions;
  // Half the sum over bins of p_in(b) p_out(b).
  const auroc = tiedPairs(levels) / 2;
  return {
    auroc: { low: Math.max(0, figures.auroc - auroc), high: Math.min(1, figures.auroc + auroc) },
    auprIn: auprBounds(detectionsOf(levels, 'in'), interpolation),
    auprOut: auprBounds(detectionsOf(levels, 'ood'), interpolation),
    fprAtTpr: fprBounds(detectionsOf(levels, positive), tpr),
    detectionError: { low: leastPossibleError(levels, conventions.prior), high: figures.detectionError },
  };
}

function auprBounds({ positives, negatives }: Detections, interpolation: OodConventions['interpolation']): Bounds {
  const total = positives.at(-1)!;
  const weight = interpolation === 'balanced' ? total / negatives.at(-1)! : 1;
  let [low, high] = [0, 0];
  for (let bin = 0; bin < positives.length; bin++) {
    const start = positives[bin - 1] ?? 0;
    const here = positives[bin]! - start;
    if (here === 0) continue;
    const fewest = weight * (negatives[bin - 1] ?? 0);
    const most = weight * negatives[bin]!;
    const least = (found: number): number => (found === 0 ? 0 : found / (found + most));
    // From the first positive on, a straight line starts at precision 1.
    high += here * (interpolation === 'trapezoid' && start === 0 ? 1 : (start + here) / (start + here + fewest));
    if (interpolation === 'trapezoid') low += (here * (least(start) + least(start + here))) / 2;
    // The sum over the positives, by the integral that it is at least as large as.
    else low += most === 0 ? here : here - most * Math.log1p(here / (start + most));
  }
  return { low: Math.max(0, low / total), high: Math.min(1, high / total) };
}

function fprBounds({ positives, negatives }: Detections, tpr: number): Bounds {
  const total = positives.at(-1)!;
  const bin = positives.findIndex((found) => reaches(found / total, tpr));
  return { low: (negatives[bin - 1] ?? 0) / negatives.at(-1)!, high: negatives[bin]! / negatives.at(-1)! };
}

function leastPossibleError({ inAbove, outAbove }: Levels, prior: OodConventions['prior']): number {
  const [ins, outs] = [inAbove.at(-1)!, outAbove.at(-1)!];
  const [inWeight, outWeight, whole] = prior === 'balanced' ? [outs, ins, 2 * ins * outs] : [1, 1, ins + outs];
  let least = ins * inWeight;
  for (let bin = 0; bin < inAbove.length; bin++) {
    least = Math.min(least, (ins - inAbove[bin]!) * inWeight + (outAbove[bin - 1] ?? 0) * outWeight);
  }
  return least / whole;
}
