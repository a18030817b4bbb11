import { arrayLike, callable, checkArgument, VogError } from '@vogjs/base';
import { declareOptions, fits, type InputOf, integer, oneOf } from '@vogjs/base/options';
import { requireAtLeast, requireFinite, requireSameLength } from './arguments.js';
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

const isInside = (value: unknown): boolean => typeof value === 'number' && value > 0 && value < 1;

/** Options of every interval. */
export const intervalOptions = {
  resamples: integer(2).default(2000).about('Samples drawn anew.'),
  seed: fits<number>('a whole number', Number.isSafeInteger)
    .default(0)
    .about('The same seed gives the same interval on every machine.'),
  level: fits<number>('a number between 0 and 1 (95 % is 0.95)', isInside)
    .default(0.95)
    .about('Share of intervals made like this one that hold the true value.'),
  method: oneOf('percentile', 'bca').about(
    'Quantiles of the statistic over the resamples, or bias-corrected and accelerated (Efron 1987): better where it is skewed or biased, at the price of one evaluation more for each example.',
  ),
};

const declared = declareOptions('bootstrap', {
  ...intervalOptions,
  strata: fits<ArrayLike<number | string | boolean>>('an array with a key for each example', arrayLike.holds)
    .optional('one sample')
    .about(
      'Each group of equal keys is drawn from itself, at its own size: for groups whose sizes were chosen, and for differences between independent groups.',
    ),
});

/** Options of `bootstrap`. */
export type BootstrapOptions = InputOf<typeof declared.entries>;

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
  const { resamples, seed, level, method, ...groups } = checkOptions(options, size);
  const strata = strataOf(size, groups.strata);
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
 * z0 = normal quantile of the share of resamples below the estimate, ties half. And a = sum_s sum U^3 / n_s^3 over 6
 * (sum_s sum U^2 / n_s^2)^(3/2), U = (n_s - 1)(mean jackknife - jackknife) within stratum s. Of a sample on which the
 * jackknife does not vary, a = 0. Source: Efron & Tibshirani 1993, eqs. 14.10 to 14.15; several samples: Davison &
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
  const resolved = declared.resolve(options);
  requireAtLeast(2, 'the sample', size);
  if (resolved.strata !== undefined) requireSameLength('strata', resolved.strata.length, 'the sample', size);
  return resolved;
}

function spreadOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / (values.length - 1), 0));
}
