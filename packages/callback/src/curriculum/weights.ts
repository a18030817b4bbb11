import { type Scores, VogError } from '@vogjs/core';
import type { Difficulty } from './difficulty.js';

/** What a rule for weights of one's own is told of an example. */
export interface WeighedExample {
  /** Position among the training examples. */
  readonly index: number;
  /** Its score; NaN where it has none. */
  readonly score: number;
  /** Percentile of its difficulty, 0 (easiest) to 100, whatever the score's direction. */
  readonly percentile: number;
  readonly label: number | null;
  /** Share of training that is done; null where the run's length is unknown. */
  readonly progress: number | null;
}

/**
 * How much each example's loss counts.
 *
 * - `'self-paced'`: 1 for the easiest share that the pace allows, 0 for the others. Kumar, Packer & Koller, "Self-Paced
 *   Learning for Latent Variable Models", NeurIPS 2010, with the pace in place of their growing 1/K.
 * - `'self-paced-linear'`: `max(0, 1 - s / λ)`, λ the score at the edge of the share that the pace allows; all 1 when
 *   the share is all. Jiang et al., "Easy Samples First: Self-paced Reranking for Zero-Example Multimedia Search", ACM
 *   Multimedia 2014. For scores of 0 or more whose high end is hard.
 * - `'loss'`: in proportion to the score: `min(4, s / mean)`. For scores of 0 or more whose
 *   high end is hard.
 * - a function of the example.
 */
export type ExampleWeights = 'self-paced' | 'self-paced-linear' | 'loss' | ((example: WeighedExample) => number);

/** The most that one example may weigh under `'loss'`: a single outlier must not take over a batch. */
const MOST = 4;

interface WeightContext {
  readonly scores: Scores;
  readonly difficulty: Difficulty;
  readonly labels: Int32Array | null;
  /** What the pace allows. */
  readonly share: number;
  readonly progress: number | null;
}

/**
 * Weight of every training example, `[N]`.
 *
 * @throws VogError ARGUMENT_INVALID for scores that the rule cannot weigh by, or a weight that is negative or no number
 */
export function weightsOf(rule: ExampleWeights, context: WeightContext): Float32Array {
  const { scores, difficulty, labels, share, progress } = context;
  const { values } = scores;
  if (typeof rule === 'function') {
    return values.map((score, index) => {
      const percentile = difficulty.percentiles[index]!;
      const weight = rule({ index, score, percentile, label: labels?.[index] ?? null, progress });
      if (typeof weight === 'number' && weight >= 0 && Number.isFinite(weight)) return weight;
      throw new VogError(
        'ARGUMENT_INVALID',
        `curriculum: weights gave ${String(weight)} for training example ${index}; expected a finite number of 0 or more.`,
      );
    });
  }
  const inside = Math.max(1, Math.ceil(share * values.length - 1e-9));
  if (rule === 'self-paced') {
    const weights = new Float32Array(values.length);
    for (const index of difficulty.easiestFirst.subarray(0, inside)) weights[index] = 1;
    return weights;
  }
  requireLossLike(rule, scores);
  if (rule === 'self-paced-linear') {
    if (share >= 1) return new Float32Array(values.length).fill(1);
    const threshold = values[difficulty.easiestFirst[inside - 1]!]!;
    // An example without a score is neither easy nor hard; at a threshold of 0 only scores of 0 are below it.
    return values.map((score) => {
      if (Number.isNaN(score)) return 0.5;
      return threshold > 0 ? Math.max(0, 1 - score / threshold) : Number(score === 0);
    });
  }
  const mean = meanOfNumbers(values);
  return values.map((score) => (Number.isNaN(score) || mean === 0 ? 1 : Math.min(MOST, score / mean)));
}

function requireLossLike(rule: string, { metric, hardDirection, values }: Scores): void {
  if (hardDirection === 'high' && !values.some((value) => value < 0 || value === Infinity)) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `curriculum: weights '${rule}' need scores that are finite, 0 or more, and hard at their high end, as a loss is; ` +
      `those of ${metric} are not. Use meanLoss() or el2n(), or a function of the example.`,
  );
}

/** Mean of what is a number. */
export function meanOfNumbers(values: Float32Array): number {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
