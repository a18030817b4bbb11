// The normal distribution, as accurate as its tails are used: the bias correction of a bootstrap.

/** Below this the series for erf converges fast; above it the continued fraction for erfc does. */
const seriesUpTo = 2.5;

/** P(Z <= z), Z standard normal, to about 14 digits, in the lower tail too. */
export function normalProbability(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const upper = x > seriesUpTo ? errorFunctionComplement(x) / 2 : (1 - errorFunction(x)) / 2;
  return z < 0 ? upper : 1 - upper;
}

/**
 * The z with P(Z <= z) = p, by Newton's method on the distribution itself: -Infinity at 0, Infinity at 1. To about 12
 * digits within (1e-12, 1 - 1e-12).
 */
export function normalQuantile(p: number): number {
  if (p === 0.5) return 0;
  if (p > 0.5) return -lowerQuantile(1 - p);
  return lowerQuantile(p);
}

function lowerQuantile(p: number): number {
  if (p <= 0) return -Infinity;
  // The tail's leading term, and the tangent at the middle: each starts Newton on its concave side.
  let z = p < 0.02 ? -Math.sqrt(-2 * Math.log(p)) : (p - 0.5) * Math.sqrt(2 * Math.PI);
  for (let step = 0; step < 50; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    // In the logarithm the tail is nearly a parabola, so that no step overshoots.
    const probability = normalProbability(z);
    const change = ((Math.log(probability) - Math.log(p)) * probability) / density;
    z -= change;
    if (Math.abs(change) <= 1e-15 * Math.abs(z)) break;
  }
  return z;
}

/** erf(x) by its Maclaurin series (DLMF 7.6.2, all terms positive). */
function errorFunction(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; term > Number.EPSILON * 1e-2 * sum; k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x) by its continued fraction (DLMF 7.9.1), from its 60th term back. */
function errorFunctionComplement(x: number): number {
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}
