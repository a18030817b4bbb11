import { shown, VogError } from '@vogjs/base';
import { incompleteBeta, logBeta } from './incomplete-beta.js';

/** A share with an exact interval. */
export interface ProportionInterval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/**
 * The Clopper-Pearson interval of a binomial proportion: two-sided, and at least as wide as its confidence says whatever
 * the true share is.
 *
 * low is the (1 - confidence) / 2 quantile of Beta(k, n - k + 1), high the other tail's of Beta(k + 1, n - k).
 *
 * @param successes k, a whole number from 0 to n
 * @param trials n, at least 1
 * @throws VogError ARGUMENT_INVALID
 * Source: Clopper and Pearson 1934.
 */
export function clopperPearson(successes: number, trials: number, confidence = 0.95): ProportionInterval {
  requireCounts({ successes, trials }, trials >= 1 && successes <= trials);
  if (!(confidence > 0 && confidence < 1)) {
    throw new VogError('ARGUMENT_INVALID', `confidence is ${confidence}; it must lie in (0, 1). 95 % is 0.95.`);
  }
  const tail = (1 - confidence) / 2;
  const failures = trials - successes;
  // The upper end as the complement of a lower one: a share near 1 keeps its distance from 1.
  return {
    estimate: successes / trials,
    low: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    high: failures === 0 ? 1 : 1 - betaQuantile(tail, failures, successes + 1),
    confidence,
  };
}

/** The x with I_x(a, b) = p, by bisection: every step is right, and none can run away. */
function betaQuantile(p: number, a: number, b: number): number {
  const logP = Math.log(p);
  let low = 0;
  let high = 1;
  for (;;) {
    const x = (low + high) / 2;
    if (x <= low || x >= high) return x;
    const point = { x, complement: 1 - x, logX: Math.log(x), logComplement: Math.log1p(-x) };
    if (incompleteBeta(point, a, b).logP < logP) low = x;
    else high = x;
  }
}

/** Both tails of an exact test: how likely chance alone gives a count as large, or as small. */
export interface ExactTails {
  /** P(X >= count): small when there are more than chance explains. */
  readonly pOver: number;
  /** P(X <= count): small when there are fewer. */
  readonly pUnder: number;
}

/**
 * Is a kind of example over-represented in a part of a set? Fisher's exact test of one margin: under the hypothesis that
 * the kind is spread at random, the count in the part is hypergeometric. One-sided both ways; twice the smaller, at most
 * 1, is two-sided.
 *
 * @param count examples of the kind in the part
 * @param part size of the part
 * @param kind examples of the kind in the whole set
 * @param whole size of the set
 * @throws VogError ARGUMENT_INVALID (not whole numbers, or a count that these margins cannot give)
 */
export function overRepresentation(count: number, part: number, kind: number, whole: number): ExactTails {
  // Before anything is computed with them: a BigInt does not mix.
  requireCounts({ count, part, kind, whole }, true);
  const least = Math.max(0, part + kind - whole);
  const most = Math.min(part, kind);
  requireCounts({ count, part, kind, whole }, part <= whole && kind <= whole && count >= least && count <= most);
  const logChoose = (n: number, k: number): number => -Math.log(n + 1) - logBeta(n - k + 1, k + 1);
  const logAt = (k: number): number => logChoose(kind, k) + logChoose(whole - kind, part - k) - logChoose(whole, part);
  // Terms fall away from the mode: the tail that holds it would be summed to rounding, so it is the other's complement.
  const tail = (step: 1 | -1): number => {
    const here = Math.exp(logAt(count));
    let term = here;
    let sum = here;
    for (let k = count; k !== (step === 1 ? most : least) && term > 1e-18 * sum; k += step) {
      term *=
        step === 1
          ? ((kind - k) * (part - k)) / ((k + 1) * (whole - kind - part + k + 1))
          : (k * (whole - kind - part + k)) / ((kind - k + 1) * (part - k + 1));
      sum += term;
    }
    return sum;
  };
  const here = Math.exp(logAt(count));
  const beyondMode = count > ((kind + 1) * (part + 1)) / (whole + 2);
  const near = Math.min(1, tail(beyondMode ? 1 : -1));
  const far = Math.min(1, 1 - near + here);
  return beyondMode ? { pOver: near, pUnder: far } : { pOver: far, pUnder: near };
}

function requireCounts(counts: Record<string, number>, consistent: boolean): void {
  const whole = Object.values(counts).every((count) => Number.isSafeInteger(count) && count >= 0);
  if (whole && consistent) return;
  const given = Object.entries(counts).map(([name, count]) => `${name} ${shown(count)}`);
  throw new VogError('ARGUMENT_INVALID', `${given.join(', ')}: these must be whole numbers that can occur together.`);
}
