import { checkOf, checkOptions, flag, integer, oneOf, share as progress, text } from '@vogjs/base';
import { type Scores, VogError } from '@vogjs/core';
import { detectLabelErrors } from '@vogjs/statistics';
import { meanOfNumbers } from './weights.js';

/** What a rule for leaving out examples is told. Everything is in the order of the training examples. */
export interface PruningContext {
  /** Scores of the curriculum's metric, at the last checkpoint. */
  readonly scores: Scores;
  /** Percentile of difficulty, 0 (easiest) to 100; 50 without a score. */
  readonly percentiles: Float32Array;
  readonly labels: Int32Array | null;
  /** Examples by class; empty without labels. */
  readonly classes: readonly Int32Array[];
  /** Scores of any metric of the tracker. */
  scoresOf(metric: string): Promise<Scores>;
}

/**
 * A rule that leaves out examples in the epochs that lie wholly between two points of progress. Outside of them, and wherever the rule changes its
 * mind at a later checkpoint, they are back: nothing is ever removed from the training set.
 */
export interface Pruning {
  readonly name: string;
  /** Progress at which it begins; 0 is as soon as there are scores. */
  readonly from: number;
  /** Progress from which on the full set is back, at the latest in the last epoch; 1 is never. */
  readonly until: number;
  /** Whether an example kept with probability k weighs 1 / k, so that the expected gradient stays the full set's. */
  readonly rescale: boolean;
  /** Probability, for each example, that it is kept in a pass: 1 always, 0 never. `[N]` */
  keep(context: PruningContext): Float32Array | Promise<Float32Array>;
}

const inside = checkOf('a number between 0 and 1', (value) => progress.holds(value) && value !== 0 && value !== 1);
const minority = checkOf('a number above 0, at most 0.5', (value) => inside.holds(value) && (value as number) <= 0.5);

/** Options of `infoBatch`. */
export interface InfoBatchOptions {
  /** Probability that an example easier than the mean is left out of a pass, in (0, 1). Default 0.5. */
  readonly rate?: number;
  /** Progress from which on every pass is over the full set, in (0, 1]. Default 0.875. */
  readonly until?: number;
  /** Whether what is kept of the easy ones weighs 1 / (1 - rate). Default true; without it the gradient is biased. */
  readonly rescale?: boolean;
}

/**
 * InfoBatch: in each pass an example whose score is on the easy side of the mean is left out with probability r, anew
 * each time. Those that stay weigh 1 / (1 - r). The last epochs use everything. Its score is meant to be the loss at
 * the last checkpoint: `meanLoss({ at: 'last', name: 'last-loss' })`.
 *
 * Source: Qin et al., "InfoBatch: Lossless Training Speed Up by Unbiased Dynamic Data Pruning", ICLR 2024; r = 0.5 and
 * 0.875 are theirs.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function infoBatch(options: InfoBatchOptions = {}): Pruning {
  checkOptions('infoBatch', options, { rate: inside, until: progress, rescale: flag });
  const { rate = 0.5, until = 0.875, rescale = true } = options;
  return {
    name: 'infoBatch',
    ...readSpan('infoBatch', { from: 0, until }),
    rescale,
    keep: ({ scores: { values, hardDirection } }) => {
      const mean = meanOfNumbers(values);
      const sign = hardDirection === 'high' ? 1 : -1;
      return values.map((value) => (sign * value < sign * mean ? 1 - rate : 1));
    },
  };
}

/** Options of `dropLabelErrors`. */
export interface DropLabelErrorsOptions {
  /** Share of the examples that is left out, in (0, 0.5]. Default 0.02. */
  readonly share?: number;
  /** Metric that says whose label is suspect. Default: the curriculum's. */
  readonly metric?: string;
  /** Progress at which it begins. Default 0.25: before that, hard examples are merely not learned yet. */
  readonly from?: number;
  /** Progress from which on they are back. Default 1: never, as long as they are suspect. */
  readonly until?: number;
}

/**
 * Leaves out the examples whose labels are most suspect, as `detectLabelErrors` ranks them, anew at every checkpoint: it
 * does not decide whether a label is wrong, and leaves out hard examples with it. Loss, AUM or EL2N find wrong labels; a
 * default `vog()` finds few of them, early in training fewest (docs/metrics.md).
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function dropLabelErrors(options: DropLabelErrorsOptions = {}): Pruning {
  checkOptions('dropLabelErrors', options, { share: minority, metric: text, from: progress, until: progress });
  const { share = 0.02, metric, from = 0.25, until = 1 } = options;
  return {
    name: 'dropLabelErrors',
    ...readSpan('dropLabelErrors', { from, until }),
    rescale: false,
    keep: async ({ scores, scoresOf }) => {
      const suspects = detectLabelErrors(metric === undefined ? scores : await scoresOf(metric), { share });
      const keep = new Float32Array(scores.values.length).fill(1);
      for (const { index } of suspects) keep[index] = 0;
      return keep;
    },
  };
}

/** Options of `coreset`. */
export interface CoresetOptions {
  /** Examples that each class keeps. */
  readonly perClass: number;
  /**
   * Which: `'spread'` (default) evenly over the class's difficulty; `'hardest'` pays where data are plenty and
   * `'easiest'` where they are scarce (Sorscher et al., "Beyond neural scaling laws", NeurIPS 2022).
   */
  readonly choose?: 'spread' | 'hardest' | 'easiest';
  /** Progress at which it begins. Default 0: as soon as there are scores. */
  readonly from?: number;
  /** Progress from which on the full set is back. Default 0.9. */
  readonly until?: number;
}

/**
 * Keeps `perClass` examples of each class, and all examples at the end. `'spread'` takes evenly spaced ranks of difficulty,
 * in the manner of the stratified sampling of Zheng et al., "Coverage-centric Coreset Selection for High Pruning Rates",
 * ICLR 2023, without their removal of the hardest.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function coreset(options: CoresetOptions): Pruning {
  const which = oneOf('spread', 'hardest', 'easiest');
  checkOptions('coreset', options, { perClass: integer(1), choose: which, from: progress, until: progress }, [
    'perClass',
  ]);
  const { perClass, choose = 'spread', from = 0, until = 0.9 } = options;
  return {
    name: 'coreset',
    ...readSpan('coreset', { from, until }),
    rescale: false,
    keep: ({ percentiles, classes }) => {
      if (classes.length === 0) throw invalid('coreset', "needs labels, and this tracker's probe has none");
      const keep = new Float32Array(percentiles.length);
      for (const members of classes) {
        const ranked = members.toSorted((a, b) => percentiles[a]! - percentiles[b]!);
        for (const index of chosen(ranked, perClass, choose)) keep[index] = 1;
      }
      return keep;
    },
  };
}

/** Some of a list that is sorted from easy to hard. */
function chosen(ranked: Int32Array, count: number, choose: 'spread' | 'hardest' | 'easiest'): Int32Array {
  const n = ranked.length;
  if (count >= n) return ranked;
  if (choose === 'easiest') return ranked.subarray(0, count);
  if (choose === 'hardest') return ranked.subarray(n - count);
  // The middle of each of `count` equal stretches.
  return Int32Array.from({ length: count }, (_, i) => ranked[Math.floor(((i + 0.5) * n) / count)]!);
}

/** Asks a rule, and refuses what is no list of probabilities. */
export async function keepBy(pruning: Pruning, context: PruningContext): Promise<Float32Array> {
  const keep = await pruning.keep(context);
  const size = context.scores.values.length;
  if (!(keep instanceof Float32Array) || keep.length !== size || keep.some((p) => !(p >= 0 && p <= 1))) {
    throw invalid(
      `pruning '${pruning.name}'`,
      `keep must give a Float32Array of ${size} probabilities, one for each training example`,
    );
  }
  return keep;
}

function readSpan(where: string, span: { from: number; until: number }): { from: number; until: number } {
  const { from, until } = span;
  if (from >= 0 && from < until && until <= 1) return span;
  throw invalid(where, `from and until are progress, 0 <= from < until <= 1; got ${from} and ${until}`);
}

function invalid(where: string, problem: string): VogError {
  return new VogError('ARGUMENT_INVALID', `${where}: ${problem}.`);
}
