/** How numbers are spread: buckets of one width from the least to the greatest. */
export interface Histogram {
  readonly least: number;
  readonly most: number;
  readonly count: number;
  readonly sum: number;
  /** Sum of squares. */
  readonly squares: number;
  /** Upper end of each bucket. */
  readonly limits: Float64Array;
  readonly counts: Float64Array;
}

/** As many as TensorBoard's own writer makes. */
const BUCKETS = 30;

/** The histogram of those numbers that are finite. */
export function histogramOf(values: ArrayLike<number>): Histogram {
  let [least, most, count, sum, squares] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    count++;
    sum += value;
    squares += value * value;
  }
  if (count === 0)
    return { least: 0, most: 0, count, sum, squares, limits: Float64Array.of(0), counts: Float64Array.of(0) };
  // Divided first: the difference of two large numbers need not be a number.
  const width = most / BUCKETS - least / BUCKETS;
  // Of one value, or of values too near to be told apart, there is one bucket.
  const buckets = width > 0 && least + width > least && most > most - width ? BUCKETS : 1;
  const limits = Float64Array.from({ length: buckets }, (_, i) =>
    // From the nearer end: of the largest numbers of either sign no sum overflows.
    i < (buckets - 1) / 2 ? least + (i + 1) * width : most - (buckets - 1 - i) * width,
  );
  const counts = new Float64Array(buckets);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    const at = buckets === 1 ? 0 : Math.floor(value / width - least / width);
    counts[Math.max(0, Math.min(buckets - 1, at))]!++;
  }
  return { least, most, count, sum, squares, limits, counts };
}
