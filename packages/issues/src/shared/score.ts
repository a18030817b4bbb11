/** The examples that have a number, the largest first, equal ones in their order. */
export function worstFirst(values: Float32Array | Float64Array): number[] {
  const known = Array.from(values.keys()).filter((i) => !Number.isNaN(values[i]));
  return known.toSorted((a, b) => values[b]! - values[a]! || a - b);
}

/**
 * A score of 0 to 1 whose half is the threshold, linear on both sides: flagged is what reaches 0.5. Values beyond
 * `least` and `most` count as these.
 */
export function scoreAround(value: number, threshold: number, least: number, most: number): number {
  if (Number.isNaN(value)) return Number.NaN;
  if (value >= threshold)
    return most > threshold ? Math.min(1, 0.5 + (0.5 * (value - threshold)) / (most - threshold)) : 1;
  // Below the threshold never 0.5 itself, also after rounding to float32.
  return threshold > least ? Math.min(0.4999, Math.max(0, (0.5 * (value - least)) / (threshold - least))) : 0;
}
