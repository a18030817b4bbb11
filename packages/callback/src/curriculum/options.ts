import {
  callable,
  type Check,
  checkOf,
  checkOptions,
  either,
  integer,
  list,
  oneOf,
  positive,
  record,
  text,
} from '@vogjs/base';
import { type ExampleId, type Normalisation, VogError } from '@vogjs/core';
import { pace, type PaceFunction, type PaceName } from './pace.js';
import type { Pruning } from './pruning.js';
import type { ExampleWeights } from './weights.js';

/** Which examples come first, and how often. */
const ORDERS = ['easy-first', 'hard-first', 'hard-mined', 'balanced', 'random'] as const;

/**
 * - `'easy-first'`: the easiest share that the pace allows (curriculum learning, Bengio et al. 2009; by a model's own
 *   scores, self-paced learning, Kumar et al. 2010).
 * - `'hard-first'`: the hardest share (anti-curriculum).
 * - `'hard-mined'`: every example, and the hard ones again, up to a cap (in the manner of Shrivastava et al., "Training
 *   Region-based Object Detectors with Online Hard Example Mining", CVPR 2016).
 * - `'balanced'`: classes take turns; smaller ones are repeated, up to a cap. Needs labels, and no scores.
 * - `'random'`: a random share. Needs no scores: the control that shows what a pace does by itself.
 */
export type CurriculumOrder = (typeof ORDERS)[number];

/** Options of `curriculum`. */
export interface CurriculumOptions {
  /** Default `'easy-first'`. */
  readonly order?: CurriculumOrder;
  /** Metric of the tracker that says what is hard; may be left out when there is only one. */
  readonly metric?: string;
  /** Its column; default its first. */
  readonly column?: string;
  /** A window of the tracker; default all checkpoints. Until it has a checkpoint there are no scores: warm-up. */
  readonly window?: string;
  /** Makes scores comparable between classes before they are ranked. Default `'none'`. See `Scores.normalise`. */
  readonly normalise?: Normalisation;
  /**
   * Share of the examples that are available, as training goes on. Default `'linear'` for `'easy-first'` and
   * `'hard-first'`; all examples for the others.
   */
  readonly pace?: PaceName | PaceFunction;
  /** Epochs that the pace is spread over. Default: the run's, which `fit` tells, or the tracker's `total`. */
  readonly epochs?: number;
  /** Decides everything random. Default 0. */
  readonly seed?: number;
  /** Every class keeps this many examples, or all it has, in every epoch. Default 1 with labels, 0 without. */
  readonly minPerClass?: number;
  /**
   * Order within an epoch: `'shuffled'` (default), or `'sorted'` by difficulty as `order` says, which makes batches of
   * like examples. Only for `'easy-first'` and `'hard-first'`.
   */
  readonly within?: 'shuffled' | 'sorted';
  /** How often `'hard-mined'` and `'balanced'` show an example in an epoch at most. Default 3. */
  readonly maxRepeats?: number;
  /** What `'hard-mined'` repeats. */
  readonly mining?: MiningOptions;
  /** Leaves examples out: `infoBatch()`, `dropLabelErrors()`, `coreset()`, or a rule of one's own. */
  readonly prune?: Pruning | readonly Pruning[];
  /** Weights of examples, for loops of one's own: `fit` has none. */
  readonly weights?: ExampleWeights;
  /** Epochs of random order over all examples at the start, beyond those without scores. Default 0. */
  readonly warmUp?: number;
  /** Ids of the training examples, in the order of the training tensors. Default: the probe's. Each must be in the probe. */
  readonly ids?: readonly ExampleId[];
}

/** What `'hard-mined'` repeats. */
export interface MiningOptions {
  /** Showings on top of one each, as a share of the examples. Default 0.25. */
  readonly extra?: number;
  /** The share that counts as hard, among which the extra showings are drawn. Default 0.2. */
  readonly hardest?: number;
}

/** Options with their defaults; `pace` null where all examples are available throughout. */
export interface ReadOptions extends Required<
  Omit<
    CurriculumOptions,
    'metric' | 'column' | 'window' | 'pace' | 'epochs' | 'minPerClass' | 'weights' | 'ids' | 'prune'
  >
> {
  readonly metric: string | undefined;
  readonly scores: { readonly column?: string; readonly window?: string };
  readonly pace: PaceName | PaceFunction | null;
  readonly epochs: number | undefined;
  readonly minPerClass: number | undefined;
  readonly weights: ExampleWeights | undefined;
  readonly ids: readonly ExampleId[] | undefined;
  readonly prune: readonly Pruning[];
  readonly mining: Required<MiningOptions>;
}

const NORMALISATIONS: readonly Normalisation[] = ['none', 'class', 'classAbsolute', 'dataset'];
const WEIGHTS = ['self-paced', 'self-paced-linear', 'loss'];
const proportion = checkOf('a number above 0, at most 1', (value) => positive.holds(value) && (value as number) <= 1);
const rule = checkOf('a rule such as infoBatch(), or a list of rules', (value) =>
  [value].flat().every((each) => typeof (each as Pruning | null)?.keep === 'function'),
);
const CHECKS: Readonly<Record<keyof CurriculumOptions, Check>> = {
  order: oneOf(...ORDERS),
  metric: text,
  column: text,
  window: text,
  normalise: oneOf(...NORMALISATIONS),
  pace: either(oneOf(...Object.keys(pace)), callable),
  epochs: integer(1),
  seed: integer(Number.MIN_SAFE_INTEGER),
  minPerClass: integer(0),
  within: oneOf('shuffled', 'sorted'),
  maxRepeats: integer(1),
  mining: record,
  prune: rule,
  weights: either(oneOf(...WEIGHTS), callable),
  warmUp: integer(0),
  ids: list,
};

/** Checks options, and that none of them is without effect or contradicts another. */
export function readOptions(options: CurriculumOptions): ReadOptions {
  checkOptions('curriculum', options, CHECKS);
  const { order = 'easy-first', column, window } = options;
  const read: ReadOptions = {
    order,
    metric: options.metric,
    scores: { ...(column === undefined ? {} : { column }), ...(window === undefined ? {} : { window }) },
    normalise: options.normalise ?? 'none',
    pace: options.pace ?? (order.endsWith('-first') ? 'linear' : null),
    epochs: options.epochs,
    seed: options.seed ?? 0,
    minPerClass: options.minPerClass,
    within: options.within ?? 'shuffled',
    maxRepeats: options.maxRepeats ?? 3,
    mining: readMining(options.mining ?? {}),
    prune: options.prune === undefined ? [] : [options.prune].flat(),
    weights: options.weights,
    warmUp: options.warmUp ?? 0,
    ids: options.ids,
  };
  refuseContradictions(options, read);
  return read;
}

function refuseContradictions(given: CurriculumOptions, read: ReadOptions): void {
  const { order, pace, prune, weights } = read;
  const unread = (['metric', 'column', 'window', 'normalise'] as const).find((name) => given[name] !== undefined);
  if (unread !== undefined && isUnscored(read)) {
    throw invalid(`${unread} says which scores to read, and order '${order}' without pruning or weights reads none.`);
  }
  if (given.within === 'sorted' && !order.endsWith('-first')) {
    throw invalid(`within 'sorted' has no meaning for order '${order}'; it is for 'easy-first' and 'hard-first'.`);
  }
  if (given.mining !== undefined && order !== 'hard-mined') {
    throw invalid(`mining is for order 'hard-mined' and does nothing for '${order}'. Leave it out.`);
  }
  if (given.maxRepeats !== undefined && order !== 'hard-mined' && order !== 'balanced') {
    throw invalid(`maxRepeats is for 'hard-mined' and 'balanced'; order '${order}' repeats nothing. Leave it out.`);
  }
  if (given.maxRepeats === 1 && order === 'hard-mined') {
    throw invalid(`maxRepeats 1 leaves 'hard-mined' nothing to repeat. Use 2 or more, or order 'random'.`);
  }
  if (given.epochs !== undefined && pace === null && !prune.some(isTimed)) {
    throw invalid(`epochs spreads a pace or a pruning over the run, and there is neither. Leave it out.`);
  }
  const selfPaced = weights === 'self-paced' || weights === 'self-paced-linear';
  if (selfPaced && order !== 'random' && order !== 'balanced') {
    throw invalid(
      `weights '${weights}' choose the easy examples themselves, and order '${order}' chooses too. Use order 'random'.`,
    );
  }
  if (selfPaced && pace === null) {
    throw invalid(`weights '${weights}' need a pace, which moves their threshold: pace: 'linear', for example.`);
  }
}

/** Whether the order needs no scores at all. */
export function isUnscored({ order, prune, weights }: ReadOptions): boolean {
  return (order === 'random' || order === 'balanced') && prune.length === 0 && weights === undefined;
}

/** Whether a rule for leaving out examples depends on where training stands. */
export function isTimed({ from, until }: Pruning): boolean {
  return from > 0 || until < 1;
}

function readMining(mining: MiningOptions): Required<MiningOptions> {
  checkOptions('curriculum mining', mining, { extra: positive, hardest: proportion });
  return { extra: 0.25, hardest: 0.2, ...mining };
}

function invalid(problem: string): VogError {
  return new VogError('ARGUMENT_INVALID', `curriculum: ${problem}`);
}
