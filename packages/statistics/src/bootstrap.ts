import { callable, checkArgument, refuseUnknownKeys, VogError } from '@vogjs/base';
import { requireArray, requireAtLeast, requireFinite, requireSameLength } from './arguments.js';
import { normalProbability, normalQuantile } from './normal.js';
import { quantile } from './quantile.js';
import { jackknife, resample, strataOf } from './resampling.js';

/** A statistic with its bootstrap confidence interval. */
export interface Interval {
  /** The statistic on the sample itself. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Share of intervals made like this one that hold the true value, were the method exact. */
  readonly level: number;
  /** Standard deviation (n - 1) of the statistic over the resamples. */
  readonly standardError: number;
  readonly method: 'percentile' | 'bca';
  readonly resamples: number;
  readonly seed: number;
}

export interface BootstrapOptions {
  /** 2,000 unless told. */
  readonly resamples?: number;
  /** The same seed gives the same interval on every machine. 0 unless told. */
  readonly seed?: number;
  /** In (0, 1); 0.95 unless told. */
  readonly level?: number;
  /**
   * - 'percentile' (default): quantiles of the statistic over the resamples.
   * - 'bca': bias-corrected and accelerated (Efron 1987). Better where the statistic is skewed or biased, at the price
   *   of one evaluation more for each example.
   */
  readonly method?: 'percentile' | 'bca';
  /**
   * A key per example; each group is then drawn from itself, at its own size. For groups whose sizes were chosen (so
   * many planted errors) and for differences between independent groups.
   */
  readonly strata?: ArrayLike<number | string | boolean>;
}

/**
 * Bootstrap confidence interval of any statistic of examples drawn independently.
 *
 * ```ts
 * bootstrap(([x]) => quantile(x, 0.5), [values]);                               // a median
 * bootstrap(([x, y]) => spearman(x, y).r, [vogScores, el2nScores]);             // pairs stay pairs
 * bootstrap(([x, group]) => difference(x, group), [values, group], { strata: group }); // two independent samples
 * ```
 *
 * The interval speaks of other examples from the same source, for this one training run. What another seed of the
 * training would give it does not know: for that, bootstrap over runs, or report each.
 *
 * @param statistic a number from the columns; it gets float64 copies that it must not keep
 * @param columns one or more samples of equal length; an example keeps its values together in every resample
 * @throws VogError PROBE_MISMATCH (lengths), SAMPLE_TOO_SMALL (under 2 examples; a statistic that is NaN on a
 * resample), INPUT_NOT_FINITE, ARGUMENT_INVALID
 * Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, sections 13.3 and 14.3.
 */
export function bootstrap(
  statistic: (columns: readonly Float64Array[]) => number,
  columns: readonly ArrayLike<number>[],
  options: BootstrapOptions = {},
): Interval {
  if (typeof statistic !== 'function' || !Array.isArray(columns)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'bootstrap takes a function of columns and a list of columns: ([x]) => …, [values].',
    );
  }
  const size = columns[0]?.length ?? 0;
  for (const [index, column] of columns.entries()) {
    requireFinite(`columns[${index}]`, column);
    requireSameLength(`columns[${index}]`, column.length, 'columns[0]', size);
  }
  const evaluate = (rows: Uint32Array): readonly number[] => [
    statistic(columns.map((column) => Float64Array.from(rows, (row) => column[row]!))),
  ];
  return bootstrapRows(size, evaluate, options)[0]!;
}

/**
 * {@link bootstrap} of several statistics at once, from the rows drawn rather than from copies of them.
 *
 * @param size examples
 * @param evaluate the statistics of some rows, a row drawn twice counting twice; `rows` is reused afterwards
 * @returns an interval for each statistic, all from the same resamples
 */
export function bootstrapRows(
  size: number,
  evaluate: (rows: Uint32Array) => readonly number[],
  options: BootstrapOptions = {},
): Interval[] {
  checkArgument('bootstrapRows', 'evaluate', evaluate, callable);
  const { resamples, seed, level, method } = checkOptions(options, size);
  const strata = strataOf(size, options.strata);
  const estimates = evaluate(Uint32Array.from({ length: size }, (_, row) => row));
  const undefinedAt = estimates.findIndex((estimate) => Number.isNaN(estimate));
  if (undefinedAt !== -1) {
    throw new VogError('SAMPLE_TOO_SMALL', 'The statistic is NaN on the sample itself; there is nothing to bound.');
  }
  const distributions = resample(strata, evaluate, { resamples, seed });
  const left = method === 'bca' ? jackknife(strata, evaluate) : [];
  return estimates.map((estimate, index) => {
    const distribution = distributions[index]!;
    const shares: [number, number] =
      method === 'bca' ? bcaShares(estimate, distribution, left[index]!, level) : [(1 - level) / 2, (1 + level) / 2];
    const [low, high] = quantile(distribution, shares) as [number, number];
    return { estimate, low, high, level, standardError: spreadOf(distribution), method, resamples, seed };
  });
}

/**
 * The shares of the resamples between which the BCa interval lies.
 *
 * z0 = normal quantile of the share of resamples below the estimate, ties half; a = sum_s sum U^3 / n_s^3 over
 * 6 (sum_s sum U^2 / n_s^2)^(3/2), U = (n_s - 1)(mean jackknife - jackknife) within stratum s. Of a sample on which
 * the jackknife does not vary, a = 0. Source: Efron & Tibshirani 1993, eqs. 14.10 to 14.15; several samples: Davison &
 * Hinkley 1997, eq. 5.27, as SciPy's `bootstrap`.
 */
export function bcaShares(
  estimate: number,
  distribution: ArrayLike<number>,
  left: readonly ArrayLike<number>[],
  level: number,
): [number, number] {
  let below = 0;
  for (let draw = 0; draw < distribution.length; draw++) {
    if (distribution[draw]! < estimate) below++;
    else if (distribution[draw] === estimate) below += 0.5;
  }
  const bias = normalQuantile(below / distribution.length);
  if (!Number.isFinite(bias)) {
    throw new VogError(
      'SAMPLE_TOO_SMALL',
      'Every resample lies on one side of the estimate, so that its bias cannot be corrected. Use the percentile method, more resamples, or a statistic that is not at its limit.',
    );
  }
  let cubes = 0;
  let squares = 0;
  for (const values of left) {
    const n = values.length;
    let mean = 0;
    for (let row = 0; row < n; row++) mean += values[row]! / n;
    for (let row = 0; row < n; row++) {
      const influence = ((n - 1) * (mean - values[row]!)) / n;
      cubes += influence ** 3;
      squares += influence ** 2;
    }
  }
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
  const shareOf = (z: number): number => normalProbability(bias + (bias + z) / (1 - acceleration * (bias + z)));
  const z = normalQuantile((1 - level) / 2);
  return [shareOf(z), shareOf(-z)];
}

function checkOptions(options: BootstrapOptions, size: number) {
  refuseUnknownKeys('bootstrap', options, ['resamples', 'seed', 'level', 'method', 'strata']);
  const { resamples = 2000, seed = 0, level = 0.95, method = 'percentile', strata } = options;
  requireAtLeast(2, 'the sample', size);
  if (!Number.isInteger(resamples) || resamples < 2) {
    throw new VogError('ARGUMENT_INVALID', `resamples is ${resamples}; it must be a whole number of at least 2.`);
  }
  if (!(level > 0 && level < 1)) {
    throw new VogError('ARGUMENT_INVALID', `level is ${level}; it must lie in (0, 1). 95 % is 0.95.`);
  }
  if (method !== 'percentile' && method !== 'bca') {
    throw new VogError('ARGUMENT_INVALID', `method is ${JSON.stringify(method)}; it must be 'percentile' or 'bca'.`);
  }
  if (strata !== undefined) requireArray('strata', strata);
  if (strata !== undefined) requireSameLength('strata', strata.length, 'the sample', size);
  return { resamples, seed, level, method };
}

function spreadOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / (values.length - 1), 0));
}
