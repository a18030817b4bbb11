import { bootstrapRows, type Interval } from '@vogjs/statistics';

/**
 * Slopes of top-1 error over the percentiles of several scores, by least squares over the same examples, with bootstrap
 * intervals from the same resamples: percentage points of error from the lowest to the highest score. One walk over the
 * rows of a resample serves all scores.
 *
 * @param percentiles of each score, 0 to 100, `[scores][N]`
 * @param errors 1 where the prediction is wrong, `[N]`
 */
export function errorSlopes(
  percentiles: readonly ArrayLike<number>[],
  errors: ArrayLike<number>,
  seed: number,
): Interval[] {
  const count = percentiles.length;
  // Example by example, so that a row drawn is read in one place.
  const table = new Float64Array(count * errors.length);
  for (const [k, score] of percentiles.entries()) {
    for (let i = 0; i < errors.length; i++) table[i * count + k] = score[i] as number;
  }
  const [sums, squares, products] = [0, 1, 2].map(() => new Float64Array(count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const slopesOf = (rows: Uint32Array): number[] => {
    for (const each of [sums, squares, products]) each.fill(0);
    let wrong = 0;
    for (let r = 0; r < rows.length; r++) {
      const row = rows[r] as number;
      const isWrong = errors[row] as number;
      wrong += isWrong;
      for (let k = 0; k < count; k++) {
        // About the middle, where sums of squares keep their digits.
        const x = (table[row * count + k] as number) - 50;
        sums[k]! += x;
        squares[k]! += x * x;
        products[k]! += x * isWrong;
      }
    }
    // A slope in error per percentile, times 100 of them, times 100 %.
    return Array.from(sums, (sum, k) => {
      const mean = sum / rows.length;
      return (1e4 * ((products[k] as number) - mean * wrong)) / ((squares[k] as number) - mean * sum);
    });
  };
  return bootstrapRows(errors.length, slopesOf, { seed });
}
