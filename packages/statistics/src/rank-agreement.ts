import { declareOptions, type InputOf, positiveShare } from '@vogjs/base/options';
import { pearson } from './correlation.js';
import { countOfShare, requireAtLeast } from './arguments.js';
import { difficultyOf } from './difficulty.js';
import { nameScores, type NamedScores, type ScoresByName } from './named-scores.js';
import { midRanks, orderOf } from './ranks.js';

const declared = declareOptions('rankAgreement', {
  top: positiveShare().default(0.1).about('Share of the examples that counts as hardest.'),
});

type RankAgreementOptions = InputOf<typeof declared.entries>;

/** How alike several scores order the same examples. */
export interface RankAgreement {
  readonly names: readonly string[];
  /**
   * Spearman's correlation of each pair, [scores][scores], every score turned so that high is hard: 1 = the same order,
   * 0 = none in common. NaN beside a score that is the same for every example.
   */
  readonly spearman: readonly (readonly number[])[];
  /** Share of the hardest k of one that are among the hardest k of the other; tied examples at the cut by expectation. */
  readonly topOverlap: readonly (readonly number[])[];
  /** Examples among "the hardest". */
  readonly k: number;
  /** The overlap of two orders that have nothing to do with each other: k / examples. */
  readonly randomOverlap: number;
  /** Mean over pairs of two different scores; NaN where a pair is. */
  readonly meanSpearman: number;
  readonly meanTopOverlap: number;
  readonly examples: number;
}

/**
 * Do metrics, or runs of one metric under several seeds, agree on what is hard? Agreement between runs bounds what can be
 * read into one: with a low overlap the hardest examples are those of a seed, not of the data.
 *
 * ```ts
 * rankAgreement([vogScores, el2nScores, aumScores]).spearman;
 * rankAgreement({ 'seed 1': first, 'seed 2': second, 'seed 3': third }).meanTopOverlap;
 * ```
 *
 * @param scores two or more, of the same examples in the same order; infinities rank
 * @param options.top share of the examples that counts as hardest, in (0, 1]; 0.1 unless told
 * @throws VogError SAMPLE_TOO_SMALL (fewer than 2 scores or 3 examples), PROBE_MISMATCH (other examples),
 * INPUT_NOT_FINITE (NaN), ARGUMENT_INVALID
 */
export function rankAgreement(scores: ScoresByName<NamedScores>, options: RankAgreementOptions = {}): RankAgreement {
  const { top } = declared.resolve(options);
  const named = nameScores(scores);
  requireAtLeast(2, 'scores', named.length);
  const difficulties = named.map(([, item]) => difficultyOf(item));
  const examples = difficulties[0]!.length;
  requireAtLeast(3, 'each score', examples);
  const k = countOfShare(top, examples);
  const ranks = difficulties.map((difficulty) => midRanks(difficulty));
  const shares = difficulties.map((difficulty) => sharesInTop(difficulty, k));
  const spearman = pairwise(ranks, (first, second) =>
    varies(first) && varies(second) ? pearson(first, second).r : NaN,
  );
  const topOverlap = pairwise(shares, (first, second) => {
    let sum = 0;
    for (let example = 0; example < examples; example++) sum += first[example]! * second[example]!;
    return sum / k;
  });
  return {
    names: named.map(([name]) => name),
    spearman,
    topOverlap,
    k,
    randomOverlap: k / examples,
    meanSpearman: meanOffDiagonal(spearman),
    meanTopOverlap: meanOffDiagonal(topOverlap),
    examples,
  };
}

/** How much of each example is among the hardest k: 1, 0, or a fraction for those tied at the cut. */
function sharesInTop(difficulty: Float64Array, k: number): Float64Array {
  const shares = new Float64Array(difficulty.length);
  const { order, ties } = orderOf(difficulty.map((value) => -value));
  for (const { start, end } of ties) {
    if (start >= k) break;
    const share = Math.min(1, (k - start) / (end - start));
    for (const example of order.subarray(start, end)) shares[example] = share;
  }
  return shares;
}

/** A symmetric matrix with 1 on its diagonal: a score agrees with itself, ties or not. */
function pairwise(
  items: readonly Float64Array[],
  of: (first: Float64Array, second: Float64Array) => number,
): number[][] {
  const matrix = items.map(() => new Array<number>(items.length).fill(1));
  for (let row = 0; row < items.length; row++) {
    for (let column = 0; column < row; column++) {
      matrix[row]![column] = matrix[column]![row] = of(items[row]!, items[column]!);
    }
  }
  return matrix;
}

function varies(values: Float64Array): boolean {
  return values.some((value) => value !== values[0]);
}

function meanOffDiagonal(matrix: readonly (readonly number[])[]): number {
  const pairs = matrix.flatMap((row, index) => row.slice(0, index));
  return pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
}
