import type { HardDirection } from './facts.js';

/**
 * Positions of `values`, hardest first. Equal values keep their order (0 and -0 are equal), NaN comes last, and an
 * infinite value ranks where its sign puts it.
 */
export function rank(values: Float32Array, hardDirection: HardDirection): Int32Array {
  const hardness = hardnessOf(values, hardDirection);
  // Typed arrays sort stably (ECMAScript 2019), so equal values stay in probe order.
  return Int32Array.from(values.keys()).sort((a, b) => {
    const x = hardness[a]!;
    const y = hardness[b]!;
    if (x > y) return -1;
    if (x < y) return 1;
    return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
  });
}

/**
 * Difficulty percentile of each value, 0 to 100, the hardest at the upper end. It is 100 (r - 1/2) / n, with r the
 * rank from the easiest, n the count of values that are not NaN. Tied values share their mean rank (the convention of
 * `scipy.stats.percentileofscore(..., kind='mean')`). NaN stays NaN.
 *
 * `order` is what `rank` gave for the same values.
 */
export function percentilesOf(values: Float32Array, order: Int32Array): Float32Array {
  const percentiles = new Float32Array(values.length).fill(Number.NaN);
  const count = countRanked(values, order);
  for (let start = 0; start < count;) {
    let end = start + 1;
    while (end < count && values[order[end]!] === values[order[start]!]) end++;
    // Positions start .. end - 1 from the hardest share the mean rank n - (start + end - 1) / 2 from the easiest.
    const percentile = (100 * (count - (start + end) / 2)) / count;
    for (const index of order.subarray(start, end)) percentiles[index] = percentile;
    start = end;
  }
  return percentiles;
}

/** The rank of each position of the probe, 1 = hardest: the inverse of the order that `rank` gives. */
export function ranksOf(order: Int32Array): Int32Array {
  const ranks = new Int32Array(order.length);
  for (const [position, index] of order.entries()) ranks[index] = position + 1;
  return ranks;
}

/** How many values, all at the front of `order`, are not NaN. */
export function countRanked(values: Float32Array, order: Int32Array): number {
  const firstNaN = order.findIndex((index) => Number.isNaN(values[index]));
  return firstNaN === -1 ? order.length : firstNaN;
}

function hardnessOf(values: Float32Array, hardDirection: HardDirection): Float32Array {
  return hardDirection === 'high' ? values : values.map((value) => -value);
}
