/** Mean and population standard deviation of the values that are not NaN; a deviation of 0 counts as 1. */
export function momentsOf(values: Float64Array): {
  readonly mean: number;
  readonly deviation: number;
  readonly count: number;
} {
  let count = 0;
  let mean = 0;
  let squares = 0;
  // Welford, Technometrics 4 (1962): no difference of large sums.
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    const difference = value - mean;
    mean += difference / count;
    squares += difference * (value - mean);
  }
  const deviation = count === 0 ? 0 : Math.sqrt(squares / count);
  return { mean, deviation: deviation > 0 ? deviation : 1, count };
}
