import { quantile } from '@vogjs/statistics';

/**
 * How far each value lies above the middle, in robust standard deviations: (x - median) / (1.4826 MAD). Values of no
 * spread are all at 0, and infinitely far where they differ from the rest. NaN stays NaN.
 *
 * Source: Iglewicz & Hoaglin, "How to Detect and Handle Outliers", 1993; they flag beyond 3.5.
 */
export function robustDistances(values: ArrayLike<number>, reference: ArrayLike<number> = values): Float64Array {
  const known = Float64Array.from(reference).filter((value) => Number.isFinite(value));
  if (known.length === 0) return new Float64Array(values.length).fill(Number.NaN);
  const median = quantile(known, 0.5);
  const spread =
    1.4826 *
    quantile(
      known.map((value) => Math.abs(value - median)),
      0.5,
    );
  return Float64Array.from(values, (value) => {
    const off = value - median;
    return off === 0 ? 0 : off / spread;
  });
}
