import { VogError } from '@vogjs/base';
import { requireArray, requireAtLeast, requireFinite } from './arguments.js';

/**
 * Quantile by linear interpolation between order statistics: type 7 of Hyndman and Fan (1996), NumPy's and R's default.
 *
 * @param values sample of at least one finite number, in any order; it is not changed
 * @param q share in [0, 1], or several (the sample is sorted once)
 * @returns the quantile, or one for each q
 * @throws VogError SAMPLE_TOO_SMALL, INPUT_NOT_FINITE, or ARGUMENT_INVALID for a q outside [0, 1]
 */
export function quantile(values: ArrayLike<number>, q: number): number;
export function quantile(values: ArrayLike<number>, q: readonly number[]): number[];
export function quantile(values: ArrayLike<number>, q: number | readonly number[]): number | number[] {
  requireFinite('values', values);
  requireAtLeast(1, 'values', values.length);
  const sorted = Float64Array.from(values).sort();
  if (typeof q === 'number') return interpolate(sorted, q);
  requireArray('q', q);
  return Array.from(q, (share) => interpolate(sorted, share));
}

function interpolate(sorted: Float64Array, q: number): number {
  if (!(typeof q === 'number' && q >= 0 && q <= 1)) {
    throw new VogError('ARGUMENT_INVALID', `q is ${q}; a quantile's share lies in [0, 1] (the median is 0.5).`);
  }
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  const share = position - below;
  // Of halves: between the largest numbers of either sign the difference itself overflows.
  const half = high / 2 - low / 2;
  // From the nearer end: exact at both ends, and never outside them.
  return share < 0.5 ? low + half * (2 * share) : high - half * (2 * (1 - share));
}
