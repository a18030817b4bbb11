/** A probability with its logarithm, which stays accurate where the probability itself underflows. */
export interface Probability {
  readonly p: number;
  readonly logP: number;
}

/** A point of the unit interval with its complement and both logarithms, each free of cancellation. */
export interface UnitPoint {
  readonly x: number;
  readonly complement: number;
  readonly logX: number;
  readonly logComplement: number;
}

/** The point x = 1 / (1 + s^2) for s >= 0; neither a tiny nor a huge s costs digits or overflows. */
export function unitPointOf(s: number): UnitPoint {
  if (s > 1) {
    const inverse = 1 / s;
    const logComplement = -Math.log1p(inverse * inverse);
    const logX = -2 * Math.log(s) + logComplement;
    return { x: Math.exp(logX), complement: 1 / (1 + inverse * inverse), logX, logComplement };
  }
  const logX = -Math.log1p(s * s);
  return { x: 1 / (1 + s * s), complement: (s * s) / (1 + s * s), logX, logComplement: 2 * Math.log(s) + logX };
}

/**
 * Regularised incomplete beta function I_x(a, b), with its natural logarithm.
 *
 * A continued fraction on the side of the mean where it converges fast, else by I_x(a, b) = 1 - I_(1-x)(b, a) (DLMF
 * 8.17.4). The prefix is formed in the logarithm, so that 1e-300 keeps as many digits as 0.3.
 */
export function incompleteBeta({ x, complement, logX, logComplement }: UnitPoint, a: number, b: number): Probability {
  if (x === 0 && logX === -Infinity) return { p: 0, logP: -Infinity };
  if (complement === 0) return { p: 1, logP: 0 };
  const logPrefix = a * logX + b * logComplement - logBeta(a, b);
  if (x * b <= a * complement) {
    const logP = logPrefix + Math.log(continuedFraction(x, complement, a, b));
    return { p: Math.exp(logP), logP };
  }
  const tail = a * complement < 1 ? powerSeries(complement, x, b, a) : continuedFraction(complement, x, b, a);
  const rest = Math.exp(logPrefix) * tail;
  return { p: 1 - rest, logP: Math.log1p(-rest) };
}

/**
 * log B(a, b). The difference log G(larger) - log G(larger + smaller) is taken in one step: as a difference of two
 * log-gammas it would lose ten digits at 40,000 degrees of freedom.
 */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < stirlingFrom) return logGamma(a) + logGamma(b) - logGamma(a + b);
  const difference =
    -(large - 0.5) * Math.log1p(small / large) -
    small * Math.log(large + small) +
    small +
    stirlingCorrection(large) -
    stirlingCorrection(large + small);
  return logGamma(small) + difference;
}

const stirlingFrom = 10;

/** log G(z) for z > 0: Stirling's series (DLMF 5.11.1), reached by the recurrence G(z) = G(z + 1) / z. */
function logGamma(z: number): number {
  let product = 1;
  while (z < stirlingFrom) product *= z++;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + stirlingCorrection(z) - Math.log(product);
}

/** sum of B_2k / (2k (2k - 1) z^(2k-1)), k = 1 .. 7 (DLMF 5.11.1); below 4e-17 off for z >= 10. */
function stirlingCorrection(z: number): number {
  const w = 1 / (z * z);
  const series =
    1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - w * (691 / 360360 - w * (1 / 156))))));
  return series / z;
}

/**
 * I_x(a, b) B(a, b) / (x^a (1 - x)^b) by DLMF 8.17.7, for b x < 1, where its terms fall fast and hardly cancel:
 * (1 - x)^-b times the sum over n of (1 - b)(2 - b) .. (n - b) / n! * x^n / (a + n).
 */
function powerSeries(x: number, complement: number, a: number, b: number): number {
  let term = 1;
  let sum = 1 / a;
  for (let n = 1; n <= 1000; n++) {
    term *= ((n - b) / n) * x;
    sum += term / (a + n);
    if (Math.abs(term) < Number.EPSILON * sum) break;
  }
  return sum * Math.exp(-b * (x < 0.5 ? Math.log1p(-x) : Math.log(complement)));
}

/**
 * I_x(a, b) B(a, b) / (x^a (1 - x)^b): the even part of the continued fraction DLMF 8.17.22, as in DiDonato and Morris
 * (1992, eq. 9), by the modified Lentz method. The distance to the mean, a - (a + b) x, is taken from the complement:
 * the plain fraction subtracts numbers near 1 instead, and has six digits left at a billion degrees of freedom.
 */
function continuedFraction(x: number, complement: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  const fromMean = (a + b) * complement - b;
  const denominator = (n: number) =>
    // The first term is 0 / 0 at n = 0, a = 1.
    (n === 0 ? 0 : n + (n * (b - n) * x) / (a + 2 * n - 1)) +
    ((a + n) / (a + 2 * n + 1)) * (fromMean + 1 + n * (1 + complement));
  let c = away(denominator(0));
  let d = 0;
  let fraction = 1 / c;
  // A dozen steps in a tail; near the mean they grow with the root of a and b, to hundreds at a million.
  for (let n = 1; n <= 100_000; n++) {
    const ratio = x / (a + 2 * n - 1);
    const numerator = (a + n - 1) * (a + b + n - 1) * n * (b - n) * ratio * ratio;
    const next = denominator(n);
    c = away(next + numerator / c);
    d = 1 / away(next + numerator * d);
    const step = 1 / (c * d);
    fraction *= step;
    if (Math.abs(step - 1) <= Number.EPSILON) break;
  }
  return fraction;
}
