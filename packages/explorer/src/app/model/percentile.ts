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
