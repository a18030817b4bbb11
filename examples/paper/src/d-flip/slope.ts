import type { Scores } from '@vogjs/core';
import { bootstrap, type Interval } from '@vogjs/statistics';

/**
 * Slope of top-1 error over the percentile of a score, by least squares over the examples, with its bootstrap interval:
 * the rise of the error in percentage points from the easiest to the hardest example.
 *
 * @param errors 1 where the prediction is wrong, `[N]`
 */
export function errorSlope(scores: Scores, errors: ArrayLike<number>, seed: number): Interval {
  return bootstrap(
    ([percentiles, wrong]) => 100 * leastSquaresSlope(percentiles ?? [], wrong ?? []),
    [scores.percentiles(), Float64Array.from(errors, (flag) => 100 * flag)],
    { seed },
  );
}

/** `Σ (x - mean x) (y - mean y) / Σ (x - mean x)²` */
export function leastSquaresSlope(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const [meanX, meanY] = [mean(x), mean(y)];
  let [products, squares] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    products += ((x[i] as number) - meanX) * ((y[i] as number) - meanY);
    squares += ((x[i] as number) - meanX) ** 2;
  }
  return products / squares;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
