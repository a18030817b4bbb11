import { VogError } from '@vogjs/base';
import { requireAtLeast, requireFinite, requireSameLength } from './arguments.js';
import { incompleteBeta, unitPointOf } from './incomplete-beta.js';
import { midRanks } from './ranks.js';

/** A correlation coefficient and how surprising it would be between unrelated samples. */
export interface Correlation {
  /** The coefficient, in [-1, 1]. */
  readonly r: number;
  /** Two-sided p-value; 0 where it underflows. */
  readonly p: number;
  /** Natural logarithm of the p-value: accurate however small that is. */
  readonly logP: number;
  /** Pairs. */
  readonly n: number;
}

/**
 * Pearson's product-moment correlation with its exact two-sided p-value under normality: Student's t with n - 2 degrees
 * of freedom (SciPy's `pearsonr`).
 *
 * @param x sample
 * @param y as many values, pair by pair
 * @throws VogError PROBE_MISMATCH (lengths), SAMPLE_TOO_SMALL (under 3 pairs), INPUT_NOT_FINITE, ARGUMENT_INVALID (a
 * constant sample has no correlation)
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): Correlation {
  requirePairs(x, y);
  const u = standardise('x', x);
  const v = standardise('y', y);
  const n = x.length;
  let r = 0;
  for (let index = 0; index < n; index++) r += u[index]! * v[index]!;
  const sign = r < 0 ? -1 : 1;
  // 1 - |r| = norm2(u -+ v)^2 / 2 and 1 + |r| likewise: near |r| = 1 the subtraction itself would leave no digits.
  let apart = 0;
  let together = 0;
  for (let index = 0; index < n; index++) {
    apart += (u[index]! - sign * v[index]!) ** 2;
    together += (u[index]! + sign * v[index]!) ** 2;
  }
  // What is left of an exactly linear relation is rounding, of the order of one unit in the last place per value.
  if (Math.sqrt(apart) <= 4 * Number.EPSILON) return { r: sign, p: 0, logP: -Infinity, n };
  // s = |t| / sqrt(n - 2) = |r| / sqrt((1 - |r|)(1 + |r|))
  const s = (2 * Math.abs(r)) / Math.sqrt(apart * together);
  return { r: Math.max(-1, Math.min(1, r)), ...incompleteBeta(unitPointOf(s), (n - 2) / 2, 0.5), n };
}

/**
 * Spearman's rank correlation: Pearson's of the mid-ranks, its two-sided p-value by the t approximation with n - 2
 * degrees of freedom (SciPy's `spearmanr`). At n under about 10 that approximation is rough.
 *
 * @throws VogError as {@link pearson}; infinities are refused there and here alike
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): Correlation {
  requirePairs(x, y);
  return pearson(midRanks(x), midRanks(y));
}

function requirePairs(x: ArrayLike<number>, y: ArrayLike<number>): void {
  requireFinite('x', x);
  requireFinite('y', y);
  requireSameLength('x', x.length, 'y', y.length);
  requireAtLeast(3, 'x', x.length);
}

/** The sample minus its mean, at unit length. */
function standardise(name: string, values: ArrayLike<number>): Float64Array {
  let least = Infinity;
  let most = -Infinity;
  for (let index = 0; index < values.length; index++) {
    least = Math.min(least, values[index]!);
    most = Math.max(most, values[index]!);
  }
  if (least === most) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `Every value of ${name} is ${least}; the correlation with a constant does not exist. Compare samples that vary.`,
    );
  }
  // Scaled to at most 1 first, so that no square overflows; centred twice, so that a large offset leaves no residue.
  const scale = Math.max(Math.abs(least), Math.abs(most));
  const scaled = Float64Array.from(values, (value) => value / scale);
  for (let pass = 0; pass < 2; pass++) {
    const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
    for (let index = 0; index < scaled.length; index++) scaled[index]! -= mean;
  }
  const largest = scaled.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const length = largest * Math.sqrt(scaled.reduce((sum, value) => sum + (value / largest) ** 2, 0));
  return scaled.map((value) => value / length);
}
