import { everyRow } from './filter.js';
import { orderRows } from './order.js';

/**
 * Percentile of one value among all, 0 to 100, the hardest near 100; ties share their mean rank, NaN is not counted.
 * 100 (r - 1/2) / n, as in the table of scores.
 */
export function percentileIn(values: Float32Array, row: number, highIsHard: boolean): number {
  const own = values[row] as number;
  if (Number.isNaN(own)) return Number.NaN;
  let easier = 0;
  let equal = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    if (value === own) equal++;
    else if (value < own === highIsHard) easier++;
  }
  return (100 * (easier + equal / 2)) / count;
}

/** The same of all rows at once, `[N]`. */
export function percentilesOf(values: Float32Array, highIsHard: boolean): Float32Array {
  // Easiest first; rows without a value come last.
  const order = orderRows(everyRow(values.length), values, !highIsHard);
  const count = values.reduce((sum, value) => sum + Number(!Number.isNaN(value)), 0);
  const result = new Float32Array(values.length).fill(Number.NaN);
  for (let start = 0; start < count;) {
    const value = values[order[start] as number] as number;
    let end = start + 1;
    while (end < count && values[order[end] as number] === value) end++;
    // The middle of the ranks `start + 1` to `end`, less a half.
    for (let at = start; at < end; at++) result[order[at] as number] = (50 * (start + end)) / count;
    start = end;
  }
  return result;
}
