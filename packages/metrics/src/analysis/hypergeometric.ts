import { VogError } from '@vogjs/core';
import { logBeta, type Probability } from './incomplete-beta.js';

/** Draws without replacement. */
export interface HypergeometricDraw {
  /** Examples there are. */
  readonly population: number;
  /** Of them, those that count. */
  readonly members: number;
  /** Examples drawn. */
  readonly drawn: number;
  /** Of those drawn, those that count. */
  readonly observed: number;
}

/**
 * `P(X >= observed)`, X the number of members among the drawn: the exact one-sided p-value of over-representation
 * (Fisher's exact test). With its logarithm, which stays accurate where the probability underflows.
 *
 * @throws VogError ARGUMENT_INVALID for counts that are no whole numbers, or more than there are
 */
export function hypergeometricTail(draw: HypergeometricDraw): Probability {
  requireCounts(draw);
  const { population, members, drawn, observed } = draw;
  const least = Math.max(0, drawn + members - population);
  const most = Math.min(drawn, members);
  if (observed <= least) return { p: 1, logP: 0 };
  if (observed > most) return { p: 0, logP: -Infinity };
  if (observed > (drawn * members) / population) return tailFrom(draw);
  // On the other side of the mean terms would grow without bound: one minus P(X < observed), which is the tail of the
  // examples that were not drawn.
  const rest = tailFrom({ population, members, drawn: population - drawn, observed: members - observed + 1 });
  return { p: 1 - rest.p, logP: Math.log1p(-rest.p) };
}

/** The sum from a point above the mean, where each term is smaller than the one before. */
function tailFrom({ population, members, drawn, observed }: HypergeometricDraw): Probability {
  const logFirst =
    logChoose(members, observed) + logChoose(population - members, drawn - observed) - logChoose(population, drawn);
  let [sum, term] = [1, 1];
  for (let x = observed; x < Math.min(drawn, members) && term > sum * Number.EPSILON; x++) {
    term *= ((members - x) * (drawn - x)) / ((x + 1) * (population - members - drawn + x + 1));
    sum += term;
  }
  const logP = Math.min(0, logFirst + Math.log(sum));
  return { p: Math.exp(logP), logP };
}

/** log of n over k. */
function logChoose(n: number, k: number): number {
  return k === 0 || k === n ? 0 : -Math.log(n + 1) - logBeta(n - k + 1, k + 1);
}

function requireCounts(draw: HypergeometricDraw): void {
  const { population, members, drawn, observed } = draw;
  for (const [name, value] of Object.entries(draw)) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new VogError('ARGUMENT_INVALID', `${name} is ${value}; it must be a whole number of at least 0.`);
  }
  if (members <= population && drawn <= population && observed <= drawn && observed <= members) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `${observed} of ${members} members among ${drawn} drawn of ${population} cannot be: a part is larger than its whole.`,
  );
}
