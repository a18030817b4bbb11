import type { OodSet } from '@vogjs/run';
import { clopperPearson } from '@vogjs/statistics';
import { orderRows } from '../../model/order.js';
import type { Range } from '../../model/filter.js';

/** Scores of a detector on one set, in order: any threshold is a place in it. */
export interface SetScores {
  readonly set: OodSet;
  /** Scores of all rows of the run, `[N]`. */
  readonly values: Float32Array;
  /** Which end is out-of-distribution. */
  readonly oodDirection: 'high' | 'low';
  /** Rows of the set, the most in-distribution first. */
  readonly order: Int32Array;
}

export function setScores(set: OodSet, values: Float32Array, oodDirection: 'high' | 'low'): SetScores {
  const rows = Int32Array.from({ length: set.end - set.start }, (_, at) => set.start + at);
  return { set, values, oodDirection, order: orderRows(rows, values, oodDirection === 'low') };
}

/** How many rows of a set a threshold lets in: those on its in-distribution side, and on it. */
export function letIn({ values, oodDirection, order }: SetScores, threshold: number): number {
  const isIn = (row: number): boolean => {
    const score = values[row] as number;
    return oodDirection === 'low' ? score >= threshold : score <= threshold;
  };
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isIn(order[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A share of a set, with its exact 95 % interval (Clopper and Pearson 1934). */
export interface Rate {
  readonly count: number;
  readonly total: number;
  readonly low: number;
  readonly high: number;
}

/** The share that is let in: the true positive rate of the in-distribution set, the false positive rate of another. */
export function rateAt(scores: SetScores, threshold: number): Rate {
  const [count, total] = [letIn(scores, threshold), scores.order.length];
  const { low, high } = clopperPearson(count, total);
  return { count, total, low, high };
}

/** Rows that the threshold calls wrongly, the most confident mistakes first. */
export function mistakesAt(scores: SetScores, threshold: number): Int32Array {
  const { set, order } = scores;
  const count = letIn(scores, threshold);
  return set.side === 'out' ? order.subarray(0, count) : order.slice(count).reverse();
}

/** The values that hold just these mistakes of their set; null where there are none. */
export function rangeOfMistakes(scores: SetScores, threshold: number, column: string): Range | null {
  const { values, set, oodDirection } = scores;
  const least = mistakesAt(scores, threshold).at(-1);
  if (least === undefined) return null;
  const value = values[least] as number;
  const upwards = (oodDirection === 'high') === (set.side === 'in');
  return { column, low: upwards ? value : -Infinity, high: upwards ? Infinity : value };
}

/** Scores of the set's rows, as they lie in the table. */
export function valuesOf({ set, values }: SetScores): Float32Array {
  return values.subarray(set.start, set.end);
}
