import { arrayLike, VogError } from '@vogjs/base';
import { declareOptions, fits, type InputOf } from '@vogjs/base/options';
import { detectionAreas } from './detection-areas.js';
import { countOfShare } from './arguments.js';
import { difficultyOf, readFlags } from './difficulty.js';
import type { DifficultyScores, Flags } from './difficulty-scores.js';
import { orderOf, runningHits } from './ranks.js';

/** What looking at the hardest k examples finds. */
export interface DetectionAt {
  /** Examples looked at, hardest first. */
  readonly k: number;
  /** k as a share of all examples: also the recall of k examples drawn at random. */
  readonly share: number;
  /** Flagged examples among them; a fraction where the cut goes through tied scores (the expectation). */
  readonly hits: number;
  readonly precision: number;
  readonly recall: number;
  /** What k examples drawn at random would give. */
  readonly random: { readonly precision: number; readonly recall: number };
}

export interface Detection {
  /** Probability that a flagged example is scored harder than another one; ties count half. */
  readonly auroc: number;
  /** Step-wise area under precision over recall, tied scores entering together (scikit-learn's). */
  readonly averagePrecision: number;
  /** Share of examples that are flagged: the precision of a random choice. */
  readonly baseRate: number;
  readonly at: readonly DetectionAt[];
  /** What a score that knows nothing would reach. */
  readonly random: { readonly auroc: number; readonly averagePrecision: number };
  readonly counts: { readonly examples: number; readonly flagged: number; readonly rest: number };
  readonly positiveClass: 'flagged';
  /** The end of the raw score that was taken as flagged: the metric's own declaration, never chosen by the result. */
  readonly hardDirection: 'high' | 'low';
}

const declared = declareOptions(
  'evaluateDetection',
  {
    shares: fits<readonly number[]>('an array of shares', arrayLike.holds)
      .optional('the base rate, 1 %, 5 % and 10 %')
      .about('Shares of the examples to look at, each above 0, at most 1.'),
    counts: fits<readonly number[]>('an array of counts', arrayLike.holds)
      .optional('shares')
      .about('Numbers of examples to look at, instead of shares.'),
  },
  {
    contradiction: ({ shares, counts }) =>
      shares && counts ? 'both shares and counts were given; say how far to look in one way' : undefined,
  },
);

/** Options of `evaluateDetection`. */
export type DetectionOptions = InputOf<typeof declared.entries>;

/**
 * How well the hard end of a score finds examples that are known to be wrong, such as planted label noise. The positive
 * class is the flagged examples.
 *
 * @param scores one value per example
 * @param isPositive one flag per example
 * @throws VogError INPUT_NOT_FINITE (a NaN score; infinities rank normally), PROBE_MISMATCH (lengths),
 * SAMPLE_TOO_SMALL (nothing flagged, or everything), ARGUMENT_INVALID
 */
export function evaluateDetection(
  scores: DifficultyScores,
  isPositive: Flags,
  options: DetectionOptions = {},
): Detection {
  const cuts = declared.resolve(options);
  const { difficulty, flags, flagged } = readDetection(scores, isPositive);
  const examples = flags.length;
  const rest = examples - flagged;
  const baseRate = flagged / examples;
  // Hardest first.
  const order = orderOf(difficulty.map((value) => -value));
  const hits = runningHits(order, flags);
  return {
    ...detectionAreas(difficulty, flags)(Uint32Array.from(flags.keys())),
    baseRate,
    at: cutsOf(cuts, examples, baseRate).map((k) => {
      const share = k / examples;
      const found = hits[k]!;
      const random = { precision: baseRate, recall: share };
      return { k, share, hits: found, precision: found / k, recall: found / flagged, random };
    }),
    random: { auroc: 0.5, averagePrecision: baseRate },
    counts: { examples, flagged, rest },
    positiveClass: 'flagged',
    hardDirection: scores.hardDirection,
  };
}

/** Scores turned so that high is hard, and flags, of which there must be some of each kind. */
export function readDetection(
  scores: DifficultyScores,
  isPositive: Flags,
): { readonly difficulty: Float64Array; readonly flags: Uint8Array; readonly flagged: number } {
  const difficulty = difficultyOf(scores);
  const flags = readFlags('isPositive', isPositive, difficulty.length);
  const flagged = flags.reduce((sum, flag) => sum + flag, 0);
  if (flagged > 0 && flagged < flags.length) return { difficulty, flags, flagged };
  throw new VogError(
    'SAMPLE_TOO_SMALL',
    `${flagged} of ${flags.length} examples are flagged; detection is a comparison and needs at least one of each kind.`,
  );
}

function cutsOf({ shares, counts }: DetectionOptions, examples: number, baseRate: number): number[] {
  if (counts) {
    return Array.from(counts, (count) => {
      if (Number.isInteger(count) && count >= 1 && count <= examples) return count;
      throw new VogError('ARGUMENT_INVALID', `A count of ${count}; it must be a whole number from 1 to ${examples}.`);
    });
  }
  return Array.from(shares ?? [baseRate, 0.01, 0.05, 0.1], (share) => {
    if (typeof share === 'number' && share > 0 && share <= 1) return countOfShare(share, examples);
    throw new VogError('ARGUMENT_INVALID', `A share of ${share}; it must lie in (0, 1]. 5 % is 0.05.`);
  });
}
