import { declareOptions, type InputOf, integer } from '@vogjs/base/options';
import { requireAtLeast } from './arguments.js';
import { difficultyOf, readFlags } from './difficulty.js';
import type { DifficultyScores, Flags } from './difficulty-scores.js';
import { orderOf, runningHits } from './ranks.js';

const declared = declareOptions('errorByPercentile', {
  bins: integer(1).default(10).about('Bins of percentiles; at most one per example.'),
});

type ErrorByPercentileOptions = InputOf<typeof declared.entries>;

/** Mean top-1 error of the examples between two percentiles of difficulty. */
export interface PercentileBin {
  /** Lower end in percent; 0 = easiest. */
  readonly from: number;
  /** Upper end in percent; 100 = hardest. */
  readonly to: number;
  readonly count: number;
  /** Mean top-1 error in percent. */
  readonly error: number;
}

export interface ErrorByPercentile {
  /** Easiest to hardest. */
  readonly bins: readonly PercentileBin[];
  /** The easiest tenth (seed Fig. 10, left bar). */
  readonly bottom: PercentileBin;
  /** Every example: what a score that knows nothing would show in each bin. */
  readonly all: PercentileBin;
  /** The hardest tenth (seed Fig. 10, right bar). */
  readonly top: PercentileBin;
  /** Which end of the raw score was taken as hard, as the metric declares it. */
  readonly hardDirection: 'high' | 'low';
}

/**
 * Top-1 error over the percentiles of a difficulty score (seed Figs. 10 and 11). A useful score rises to the right.
 *
 * Each bin holds as equal a number of examples as whole numbers allow. Tied scores that straddle two bins are shared
 * out evenly: the expected error over every order of the tied examples.
 *
 * @param scores one value per example
 * @param isError one flag per example: was its prediction wrong (see `errorsOf`)?
 * @param options.bins 10 unless told; at most one per example
 * @throws VogError INPUT_NOT_FINITE (a NaN score), PROBE_MISMATCH (lengths), SAMPLE_TOO_SMALL, ARGUMENT_INVALID
 */
export function errorByPercentile(
  scores: DifficultyScores,
  isError: Flags,
  options: ErrorByPercentileOptions = {},
): ErrorByPercentile {
  const { bins } = declared.resolve(options);
  const difficulty = difficultyOf(scores);
  const errors = readFlags('isError', isError, difficulty.length);
  const n = difficulty.length;
  requireAtLeast(bins, 'scores', n);
  const hits = runningHits(orderOf(difficulty), errors);
  /** From one part of the whole to another, in whole numbers: percent would round where a cut falls halfway. */
  const binOf = (from: number, to: number, parts: number): PercentileBin => {
    const start = Math.round((n * from) / parts);
    const end = Math.round((n * to) / parts);
    return {
      from: (100 * from) / parts,
      to: (100 * to) / parts,
      count: end - start,
      error: (100 * (hits[end]! - hits[start]!)) / (end - start),
    };
  };
  // A tenth of fewer than five examples would round to none of them.
  const parts = Math.min(10, n);
  return {
    bins: Array.from({ length: bins }, (_, bin) => binOf(bin, bin + 1, bins)),
    bottom: binOf(0, 1, parts),
    all: binOf(0, 1, 1),
    top: binOf(parts - 1, parts, parts),
    hardDirection: scores.hardDirection,
  };
}
