import { VogError } from '@vogjs/core';
import { difficultyOf, type DifficultyScores, type Flags, readFlags, requireAtLeast } from './difficulty.js';
import { hypergeometricTail } from './hypergeometric.js';
import type { Probability } from './incomplete-beta.js';
import { orderOf, runningHits } from './ranks.js';

/** How many of a subset lie between two percentiles of all examples. */
export interface PercentileShare {
  /** Lower end in percent; 0 = easiest. */
  readonly from: number;
  /** Upper end in percent; 100 = hardest. */
  readonly to: number;
  /** Examples in the bin. */
  readonly count: number;
  /** Of them, members of the subset; a fraction where tied scores straddle two bins. */
  readonly members: number;
  /** Percent of all members that lie here; as many as the bin is wide in percent if the score knew nothing of them. */
  readonly share: number;
  /** Exact one-sided p-value of so many members or more, were the members spread at random (hypergeometric). */
  readonly over: Probability;
  /** Of so few or fewer. */
  readonly under: Probability;
}

/** Where a subset lies in a score. */
export interface PercentileHistogram {
  /** Easiest to hardest. */
  readonly bins: readonly PercentileShare[];
  readonly population: number;
  readonly members: number;
  /** Which end of the raw score was taken as hard, as the metric declares it. */
  readonly hardDirection: 'high' | 'low';
}

/**
 * Share of a subset, such as out-of-distribution images, in each percentile bin of a score over all examples (seed
 * Fig. 12 right). In the seed 30 % of ImageNet-O lie in the top 25 % of VoG and 24 % in the bottom 25 %.
 *
 * Each bin holds as equal a number of examples as whole numbers allow. Tied scores that straddle two bins are shared out
 * evenly; the p-values then take the whole number next to the expected one, on the side where they are larger.
 *
 * @param scores one value per example, of subset and others together
 * @param isMember one flag per example
 * @param options.bins 4 unless told; at most one per example
 * @throws VogError INPUT_NOT_FINITE (a NaN score), PROBE_MISMATCH (lengths), SAMPLE_TOO_SMALL, ARGUMENT_INVALID (bins; a
 * subset of none or of all)
 */
export function percentileHistogram(
  scores: DifficultyScores,
  isMember: Flags,
  { bins = 4 }: { readonly bins?: number } = {},
): PercentileHistogram {
  if (!Number.isInteger(bins) || bins < 1) {
    throw new VogError('ARGUMENT_INVALID', `bins is ${bins}; it must be a whole number of at least 1.`);
  }
  const difficulty = difficultyOf(scores);
  const flags = readFlags('isMember', isMember, difficulty.length);
  const population = difficulty.length;
  requireAtLeast(bins, 'scores', population);
  const hits = runningHits(orderOf(difficulty), flags);
  const members = hits[population]!;
  if (members === 0 || members === population) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${members} of ${population} examples are members. A histogram of a subset needs some of both kinds.`,
    );
  }
  const binOf = (bin: number): PercentileShare => {
    const [start, end] = [bin, bin + 1].map((edge) => Math.round((population * edge) / bins)) as [number, number];
    const inBin = hits[end]! - hits[start]!;
    const draw = { population, members, drawn: end - start };
    return {
      from: (100 * bin) / bins,
      to: (100 * (bin + 1)) / bins,
      count: end - start,
      members: inBin,
      share: (100 * inBin) / members,
      over: hypergeometricTail({ ...draw, observed: wholeBelow(inBin) }),
      // So few members are so many others.
      under: hypergeometricTail({
        ...draw,
        members: population - members,
        observed: draw.drawn - wholeAbove(inBin),
      }),
    };
  };
  return {
    bins: Array.from({ length: bins }, (_, bin) => binOf(bin)),
    population,
    members,
    hardDirection: scores.hardDirection,
  };
}

/** Sums of shares of ties are off by rounding: a whole number is meant where one is that near. */
const SLACK = 1e-6;

const wholeBelow = (value: number): number => Math.floor(value + SLACK);
const wholeAbove = (value: number): number => Math.ceil(value - SLACK);
