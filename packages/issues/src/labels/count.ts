import { VogError } from '@vogjs/base';
import { confidentJoint, type DifficultyScores } from '@vogjs/statistics';
import { type ReadProbabilities, rowsOf } from './probabilities.js';
import type { Evidence, Sources } from './signals.js';
import { fitTwoNormals, otsuThreshold } from './thresholds.js';

/** Ways to tell how many labels are wrong. */
export const COUNTS = ['auto', 'confident', 'mixture', 'otsu'] as const;

/** How many labels are estimated to be wrong, and how. */
export interface EstimatedErrors {
  readonly count: number;
  readonly method: Exclude<(typeof COUNTS)[number], 'auto'>;
}

/** @throws VogError ARGUMENT_INVALID where the method needs what is not there */
export function estimateErrors(
  method: (typeof COUNTS)[number],
  { labels, held, trajectories }: Sources,
  evidence: readonly Evidence[],
): EstimatedErrors {
  if (method === 'confident' && !held) {
    throw new VogError(
      'ARGUMENT_INVALID',
      "findLabelErrors: count 'confident' needs heldOutProbabilities; without them choose 'mixture' or 'otsu'.",
    );
  }
  const [first = { values: evidence[0]!.suspicion, hardDirection: 'high' as const }] = Object.values(trajectories);
  const estimateBy = (each: EstimatedErrors['method']): EstimatedErrors => ({
    method: each,
    count: each === 'confident' ? confidentCount(held!, labels) : countOfUpper(first, each),
  });
  if (method !== 'auto') return estimateBy(method);
  // A weak network makes the joint and the mixture count too many; Otsu's cut halves even clean data.
  return (['confident', 'otsu', 'mixture'] as const)
    .filter((each) => each !== 'confident' || held !== undefined)
    .map(estimateBy)
    .reduce((least, each) => (each.count < least.count ? each : least));
}

/**
 * How many labels lie off the diagonal of the confident joint, each row scaled to the size of its class.
 *
 * Source: Northcutt, Jiang & Chuang 2021, eq. 3.
 */
function confidentCount(held: ReadProbabilities, labels: ArrayLike<number>): number {
  const examples = Array.from(labels, (_, i) => i).filter((i) => held.known[i] === 1);
  if (examples.length === 0) return 0;
  const { classes, calibrated } = confidentJoint(
    rowsOf(held, examples),
    examples.map((i) => labels[i]!),
  );
  let right = 0;
  for (let c = 0; c < classes; c++) right += calibrated[c * classes + c]!;
  return Math.round(examples.length - right);
}

/** How many values lie in the upper of two groups; 0 where there is one group only. */
function countOfUpper({ values, hardDirection }: DifficultyScores, method: 'mixture' | 'otsu'): number {
  const hard = Float64Array.from(values, (value) => (hardDirection === 'high' ? value : -value));
  const threshold = method === 'otsu' ? otsuThreshold(hard) : (fitTwoNormals(hard)?.threshold ?? Number.NaN);
  return hard.reduce((count, value) => count + Number(value >= threshold), 0);
}
