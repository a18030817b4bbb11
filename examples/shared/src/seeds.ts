import { VogError } from '@vogjs/base';

/** Two-sided 95 % quantiles of Student's t, by degrees of freedom from 1. */
const T_QUANTILES = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622] as const;

/** Runs with seeds of their own that a summary can take. */
export const MOST_SEEDS = T_QUANTILES.length + 1;

/** A mean over runs, and how far the true mean may be from it. */
export interface SeedSummary {
  readonly mean: number;
  /** Half the width of the 95 % t interval; NaN for one run, which says nothing of its spread. */
  readonly halfWidth: number;
}

/** Mean and 95 % interval (Student's t) of a number over runs that differ by their seed. */
export function overSeeds(values: readonly number[]): SeedSummary {
  const n = values.length;
  if (n < 1 || n > MOST_SEEDS) {
    throw new VogError('ARGUMENT_INVALID', `${n} runs cannot be summarised; expected 1 to ${MOST_SEEDS}.`);
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, halfWidth: Number.NaN };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, halfWidth: (T_QUANTILES[n - 2] as number) * Math.sqrt(variance / n) };
}
