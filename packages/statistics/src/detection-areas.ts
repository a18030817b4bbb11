import { orderOf } from './ranks.js';

/** The area under the ROC curve and under precision over recall. */
export interface DetectionAreas {
  readonly auroc: number;
  readonly averagePrecision: number;
}

/**
 * Both areas of any selection of examples, a repeated one counting as often, in one pass: the ranking is made once.
 *
 * - AUROC: the Mann-Whitney statistic over its maximum, ties half; every pair counted once, in integers and halves.
 * - Average precision: sum over thresholds of (recall - previous recall) * precision, a threshold at each distinct
 *   score.
 *
 * @param difficulty one value per example, high = hard
 * @param flags 1 for each example to find
 */
export function detectionAreas(
  difficulty: Float64Array,
  flags: Uint8Array,
): (rows: ArrayLike<number>) => DetectionAreas {
  const { order, ties } = orderOf(difficulty.map((value) => -value));
  // Tied examples share a level, the hardest level first.
  const levelOf = new Uint32Array(order.length);
  for (const [level, { start, end }] of ties.entries()) {
    for (const example of order.subarray(start, end)) levelOf[example] = level;
  }
  const flaggedAt = new Float64Array(ties.length);
  const restAt = new Float64Array(ties.length);
  return (rows) => {
    flaggedAt.fill(0);
    restAt.fill(0);
    for (let draw = 0; draw < rows.length; draw++) {
      const example = rows[draw]!;
      (flags[example] === 1 ? flaggedAt : restAt)[levelOf[example]!]!++;
    }
    let flagged = 0;
    let rest = 0;
    let wins = 0;
    let precisions = 0;
    for (let level = 0; level < ties.length; level++) {
      const here = flaggedAt[level]!;
      const restHere = restAt[level]!;
      wins += restHere * (flagged + here / 2);
      flagged += here;
      rest += restHere;
      if (here > 0) precisions += here * (flagged / (flagged + rest));
    }
    return { auroc: wins / (flagged * rest), averagePrecision: precisions / flagged };
  };
}
