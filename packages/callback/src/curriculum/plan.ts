import { type Scores, type Tracker, VogError } from '@vogjs/core';
import { type Difficulty, difficultyOf, randomRanking } from './difficulty.js';
import { isTimed, isUnscored, type ReadOptions } from './options.js';
import { paceOf, shareAt } from './pace.js';
import { keepBy, type Pruning } from './pruning.js';
import { Selection } from './selection.js';
import type { TrainingSet } from './training-set.js';
import { weightsOf } from './weights.js';

/** What a curriculum does in one epoch. Indices are positions among the training examples. */
export interface EpochPlan {
  /** Index of the epoch, from 0. */
  readonly epoch: number;
  /** `'warm-up'`: all examples in random order, because there are no scores yet or `warmUp` says so. */
  readonly phase: 'warm-up' | 'curriculum';
  /** Share of the run that is done when the epoch begins; null where its length is unknown. */
  readonly progress: number | null;
  /** Share that the pace allows; 1 without a pace and in the warm-up. */
  readonly share: number;
  /** The examples in the order in which they are shown; repeats included. */
  readonly order: Int32Array;
  /** Weight of every training example, `[N]`; all 1 unless `weights` or a pruning that rescales say otherwise. */
  readonly weights: Float32Array;
  /** Training examples that the order does not hold. */
  readonly absent: number;
  /** Examples whose score is NaN; they count as of median difficulty. */
  readonly unscored: number;
  /** Names of the prunings at work. */
  readonly pruned: readonly string[];
  /** The order of a further pass over the examples of this epoch; pass 0 is `order`. */
  pass(pass: number): Int32Array;
}

/** Works out an epoch from the tracker's scores as they are now. */
export async function planEpoch(
  tracker: Tracker,
  training: TrainingSet,
  options: ReadOptions,
  epoch: number,
): Promise<EpochPlan> {
  const total = totalOf(tracker, options);
  const progress = total === null ? null : Math.min(1, epoch / total);
  const { seed } = options;
  const isWarm = epoch >= options.warmUp;
  if (!isWarm || (!isUnscored(options) && tracker.checkpoints === 0)) return warmUp(training, options, epoch, progress);
  const minPerClass = options.minPerClass ?? (training.labels === null ? 0 : 1);
  const share = options.pace === null ? 1 : shareAt(paceOf(options.pace), progress ?? 0);
  if (isUnscored(options)) {
    const ranking = randomRanking(training.size, seed);
    const selection = new Selection({ epoch, training, ranking, share, keep: null, minPerClass, options });
    return planOf(selection, { epoch, progress, share, unscored: 0, pruned: [], weights: ones(training.size) });
  }
  const scores = await trainingScores(tracker, training, options);
  const difficulty = difficultyOf(scores, seed);
  if (difficulty === null) return warmUp(training, options, epoch, progress);
  const active = options.prune.filter((pruning) => isActive(pruning, epoch, total));
  const { keep, scale } = await pruneBy(active, scores, difficulty, training, tracker);
  const isSelfPaced = options.weights === 'self-paced' || options.weights === 'self-paced-linear';
  const selection = new Selection({
    epoch,
    training,
    ranking: rankingFor(options, difficulty, training),
    // Self-paced weights choose by the pace; the order then shows everything.
    share: isSelfPaced ? 1 : share,
    keep,
    minPerClass,
    options,
  });
  const weights =
    options.weights === undefined
      ? scale
      : weightsOf(options.weights, { scores, difficulty, labels: training.labels, share, progress }).map(
          (weight, index) => weight * scale[index]!,
        );
  const pruned = active.map(({ name }) => name);
  return planOf(selection, { epoch, progress, share, unscored: difficulty.unscored, pruned, weights });
}

/** Scores of a metric, those of the curriculum unless another is named, in the order of the training examples. */
async function trainingScores(
  tracker: Tracker,
  training: TrainingSet,
  { metric, scores, normalise }: ReadOptions,
): Promise<Scores> {
  return training.pick(await tracker.scores(metric, scores)).normalise(normalise);
}

function rankingFor({ order, seed }: ReadOptions, { easiestFirst }: Difficulty, { size }: TrainingSet): Int32Array {
  if (order === 'random' || order === 'balanced') return randomRanking(size, seed);
  return order === 'hard-first' ? easiestFirst.toReversed() : easiestFirst;
}

async function pruneBy(
  active: readonly Pruning[],
  scores: Scores,
  { percentiles }: Difficulty,
  training: TrainingSet,
  tracker: Tracker,
): Promise<{ keep: Float32Array | null; scale: Float32Array }> {
  const scale = ones(training.size);
  if (active.length === 0) return { keep: null, scale };
  const keep = ones(training.size);
  const { labels, classes } = training;
  const scoresOf = async (metric: string): Promise<Scores> => training.pick(await tracker.scores(metric));
  for (const pruning of active) {
    const probabilities = await keepBy(pruning, { scores, percentiles, labels, classes, scoresOf });
    for (const [index, probability] of probabilities.entries()) {
      keep[index]! *= probability;
      if (pruning.rescale && probability > 0) scale[index]! /= probability;
    }
  }
  if (keep.every((probability) => probability === 0)) {
    const names = active.map(({ name }) => name).join(' and ');
    throw new VogError('ARGUMENT_INVALID', `curriculum: ${names} left no example. Prune less.`);
  }
  return { keep, scale };
}

function warmUp(training: TrainingSet, { seed }: ReadOptions, epoch: number, progress: number | null): EpochPlan {
  const selection = new Selection({
    epoch,
    training,
    ranking: Int32Array.from({ length: training.size }, (_, i) => i),
    share: 1,
    keep: null,
    minPerClass: 0,
    options: { order: 'random', within: 'shuffled', seed, maxRepeats: 1, mining: { extra: 0, hardest: 0 } },
  });
  const plan = { epoch, progress, share: 1, unscored: 0, pruned: [], weights: ones(training.size) };
  return { ...planOf(selection, plan), phase: 'warm-up' };
}

function planOf(selection: Selection, rest: Omit<EpochPlan, 'phase' | 'order' | 'absent' | 'pass'>): EpochPlan {
  const order = selection.pass(0);
  return {
    ...rest,
    phase: 'curriculum',
    order,
    absent: rest.weights.length - new Set(order).size,
    pass: (pass) => (pass === 0 ? order : selection.pass(pass)),
  };
}

/** Epochs of the whole run; null when nothing that depends on it is asked for and it is unknown. */
function totalOf(tracker: Tracker, { epochs, pace, prune }: ReadOptions): number | null {
  const total = epochs ?? tracker.runLength.epochs;
  if (total !== undefined) return total;
  if (pace === null && !prune.some(isTimed)) return null;
  throw new VogError(
    'SCHEDULE_NEEDS_TOTAL',
    'curriculum: a pace, and pruning that ends, are spread over the run, whose length is unknown. fit tells it when ' +
      'fitCallback(tracker) is among its callbacks; in a loop of your own give curriculum { epochs } or the tracker { total: { epochs } }.',
  );
}

/** Whether all of the epoch lies within the rule's span: the last epoch never does where `until` is below 1. */
function isActive({ from, until }: Pruning, epoch: number, total: number | null): boolean {
  if (total === null) return true;
  // The small addend lets 7 / 8 be 0.875 whatever the rounding.
  return epoch / total >= from - 1e-9 && (until === 1 || (epoch + 1) / total <= until + 1e-9);
}

function ones(size: number): Float32Array {
  return new Float32Array(size).fill(1);
}
