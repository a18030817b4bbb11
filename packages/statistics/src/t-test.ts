import { refuseUnknownKeys, VogError } from '@vogjs/base';
import { requireAtLeast, requireFinite } from './arguments.js';
import { incompleteBeta, unitPointOf } from './incomplete-beta.js';

/** A sample in three numbers. */
export interface SampleStatistics {
  readonly mean: number;
  /** Sample standard deviation, divided by n - 1, as a paper prints it. */
  readonly std: number;
  readonly n: number;
}

export interface TTestOptions {
  /** 'unequal' is Welch's test; 'equal' pools the variances, right only when both populations spread alike. */
  readonly variances?: 'unequal' | 'equal';
}

export interface TTest {
  /** Positive when the first mean is the larger. */
  readonly t: number;
  readonly degreesOfFreedom: number;
  /** Two-sided p-value; 0 where it underflows. */
  readonly p: number;
  /** Natural logarithm of the p-value: accurate however small that is. */
  readonly logP: number;
  readonly variances: 'unequal' | 'equal';
  readonly first: SampleStatistics;
  readonly second: SampleStatistics;
}

/**
 * Two-sample t-test of equal means, two-sided (seed, section C). Welch (1947) by default.
 *
 * @param a first sample, at least 2 values
 * @param b second sample, at least 2 values; the sizes may differ
 * @throws VogError SAMPLE_TOO_SMALL, INPUT_NOT_FINITE, ARGUMENT_INVALID (neither sample varies)
 */
export function tTest(a: ArrayLike<number>, b: ArrayLike<number>, options: TTestOptions = {}): TTest {
  return tTestFromStatistics(statisticsOf('a', a), statisticsOf('b', b), options);
}

/**
 * {@link tTest} from each sample's mean, standard deviation (n - 1) and size, as papers print them.
 *
 * @throws VogError as {@link tTest}; ARGUMENT_INVALID for a negative deviation or a size that is not a whole number
 */
export function tTestFromStatistics(
  first: SampleStatistics,
  second: SampleStatistics,
  options: TTestOptions = {},
): TTest {
  refuseUnknownKeys('tTest', options, ['variances']);
  const { variances = 'unequal' } = options;
  if (variances !== 'unequal' && variances !== 'equal') {
    throw new VogError(
      'ARGUMENT_INVALID',
      `variances is ${JSON.stringify(variances)}; use 'unequal' (Welch) or 'equal'.`,
    );
  }
  requireStatistics('the first sample', first);
  requireStatistics('the second sample', second);
  if (first.std === 0 && second.std === 0) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'Neither sample varies, so there is nothing to measure the difference of their means against.',
    );
  }
  const { error, degreesOfFreedom } = variances === 'equal' ? pooled(first, second) : welch(first, second);
  const t = (first.mean - second.mean) / error;
  const { p, logP } = twoSided(t, degreesOfFreedom);
  return { t, degreesOfFreedom, p, logP, variances, first: { ...first }, second: { ...second } };
}

/** P(|T| >= |t|) = I_x(v / 2, 1 / 2) at x = v / (v + t^2), T of Student's distribution with v degrees of freedom. */
export function twoSided(t: number, degreesOfFreedom: number): { p: number; logP: number } {
  return incompleteBeta(unitPointOf(Math.abs(t) / Math.sqrt(degreesOfFreedom)), degreesOfFreedom / 2, 0.5);
}

/** Welch's standard error with the degrees of freedom of Welch and Satterthwaite. */
function welch(first: SampleStatistics, second: SampleStatistics): { error: number; degreesOfFreedom: number } {
  const errorOf = ({ std, n }: SampleStatistics) => std / Math.sqrt(n);
  const error = Math.hypot(errorOf(first), errorOf(second));
  // Shares of the squared error, not fourth powers of it, which underflow for small scores.
  const firstShare = (errorOf(first) / error) ** 2;
  const secondShare = (errorOf(second) / error) ** 2;
  const degreesOfFreedom = 1 / (firstShare ** 2 / (first.n - 1) + secondShare ** 2 / (second.n - 1));
  return { error, degreesOfFreedom };
}

/** Student's standard error, from one variance for both. */
function pooled(first: SampleStatistics, second: SampleStatistics): { error: number; degreesOfFreedom: number } {
  const degreesOfFreedom = first.n + second.n - 2;
  const std = Math.hypot(
    first.std * Math.sqrt((first.n - 1) / degreesOfFreedom),
    second.std * Math.sqrt((second.n - 1) / degreesOfFreedom),
  );
  return { error: std * Math.sqrt(1 / first.n + 1 / second.n), degreesOfFreedom };
}

function statisticsOf(name: string, values: ArrayLike<number>): SampleStatistics {
  requireFinite(name, values);
  requireAtLeast(2, `sample ${name}`, values.length);
  const n = values.length;
  const sample = Float64Array.from(values);
  const first = sample[0]!;
  // Around its first value, so that a constant sample has a spread of exactly 0 and a large offset costs no digits.
  const shift = sample.reduce((sum, value) => sum + (value - first), 0) / n;
  const squares = sample.reduce((sum, value) => sum + (value - first - shift) ** 2, 0);
  return { mean: first + shift, std: Math.sqrt(squares / (n - 1)), n };
}

function requireStatistics(name: string, statistics: SampleStatistics): void {
  if (typeof statistics !== 'object' || statistics === null) {
    throw new VogError('ARGUMENT_INVALID', `${name} is ${String(statistics)}; it must be { mean, std, n }.`);
  }
  refuseUnknownKeys(name, statistics, ['mean', 'std', 'n']);
  const { mean, std, n } = statistics;
  requireFinite(`The mean and standard deviation of ${name}: `, [mean, std]);
  if (!Number.isInteger(n)) {
    throw new VogError('ARGUMENT_INVALID', `The size of ${name} is ${n}; it must be a whole number.`);
  }
  requireAtLeast(2, name, n);
  if (std < 0) {
    throw new VogError('ARGUMENT_INVALID', `The standard deviation of ${name} is ${std}; it cannot be negative.`);
  }
}
