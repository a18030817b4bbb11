import { checkArgument, list, VogError } from '@vogjs/base';
import { declareOptions, type InputOf, oneOf } from '@vogjs/base/options';
import { pearson, spearman, type Correlation } from './correlation.js';
import { requireArray, requireFinite, requireSameLength, requireScores } from './arguments.js';
import { difficultyOf, readFlags } from './difficulty.js';
import type { Flags, LabelledScores } from './difficulty-scores.js';

/**
 * What is averaged within each class:
 * - 'datasetAbsolute': |z|, z over all examples. The published form (seed section B and Fig. 9: the average absolute
 *   normalised score).
 * - 'dataset': z over all examples with its sign, turned so that positive is hard. A class that is easier than average
 *   lands below 0, where |z| would fold it onto the hard ones.
 * - 'classAbsolute': |z|, z within the class. Every class has then the same mean and spread, so what is left is the
 *   shape of its distribution, not its difficulty.
 * - 'none': the score as it is.
 */
export type ClassNormalisation = 'datasetAbsolute' | 'dataset' | 'classAbsolute' | 'none';

const normalise = oneOf('datasetAbsolute', 'dataset', 'classAbsolute', 'none').about(
  'What is averaged within each class: |z| over all examples, z with its sign, |z| within the class, or the score.',
);
const ofCorrelation = declareOptions('classCorrelation', { normalise });
const ofDifficulty = declareOptions('classDifficulty', { normalise });

type ClassOptions = InputOf<typeof ofDifficulty.entries>;

export interface ClassDifficulty {
  readonly label: number;
  readonly className: string;
  readonly count: number;
  /** Mean of the normalised score over the class. */
  readonly score: number;
  /** Share of the class that is predicted wrongly, in percent: its false negative rate. */
  readonly error: number;
}

export interface ClassCorrelation {
  /** One entry per class that has examples, by label. */
  readonly classes: readonly ClassDifficulty[];
  readonly pearson: Correlation;
  readonly spearman: Correlation;
  readonly normalise: ClassNormalisation;
  /** `classes[i].score` in words, for an axis or a caption. */
  readonly scoreMeaning: string;
  /** The end of `classes[i].score` that is hard, or null where the form has no direction. */
  readonly hardDirection: 'high' | 'low' | null;
}

const meanings: Record<ClassNormalisation, string> = {
  datasetAbsolute: 'mean absolute z-score of the class, z over all examples',
  dataset: 'mean z-score of the class, z over all examples, positive = hard',
  classAbsolute: 'mean absolute z-score of the class, z within the class',
  none: 'mean score of the class',
};

/**
 * Do classes with higher scores have higher error (seed section B, Fig. 9)? Pearson's correlation over classes between
 * the mean normalised score and the error rate, Spearman's beside it, each with a two-sided p-value.
 *
 * The default, 'datasetAbsolute', is the published statistic. It reads as difficulty only while the easy classes lie
 * near the mean; compare it with 'dataset', which keeps the sign.
 *
 * @param scores values with a class label each
 * @param isError one flag per example: was its prediction wrong (see `errorsOf`)?
 * @throws VogError SAMPLE_TOO_SMALL (fewer than 3 classes), ARGUMENT_INVALID (no labels, every class has the same score
 * or the same error), PROBE_MISMATCH (lengths), LABEL_INVALID, INPUT_NOT_FINITE
 */
export function classCorrelation(scores: LabelledScores, isError: Flags, options: ClassOptions = {}): ClassCorrelation {
  const { normalise } = ofCorrelation.resolve(options);
  const classes = classDifficulty(scores, isError, { normalise });
  if (classes.length < 3) {
    throw new VogError(
      'SAMPLE_TOO_SMALL',
      `The number of classes with examples is ${classes.length}; a correlation over classes needs at least 3.`,
    );
  }
  const score = classes.map((entry) => entry.score);
  const error = classes.map((entry) => entry.error);
  return {
    classes,
    pearson: pearson(score, error),
    spearman: spearman(score, error),
    normalise,
    scoreMeaning: meanings[normalise],
    hardDirection: normalise === 'none' ? scores.hardDirection : normalise === 'dataset' ? 'high' : null,
  };
}

/**
 * Mean normalised score and error rate of each class that has examples, by label: what {@link classCorrelation}
 * correlates, for any number of classes.
 *
 * @throws VogError ARGUMENT_INVALID, PROBE_MISMATCH, LABEL_INVALID, INPUT_NOT_FINITE
 */
export function classDifficulty(scores: LabelledScores, isError: Flags, options: ClassOptions = {}): ClassDifficulty[] {
  const { normalise } = ofDifficulty.resolve(options);
  requireScores('scores', scores);
  const { labels, classNames } = scores;
  // Scores without names have null there.
  if (classNames !== undefined && classNames !== null) checkArgument('scores', 'classNames', classNames, list);
  if (labels === null || labels === undefined) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'These scores have no labels; a comparison of classes needs one per example.',
    );
  }
  const difficulty = difficultyOf(scores);
  requireFinite('scores', difficulty);
  requireArray('labels', labels);
  requireSameLength('labels', labels.length, 'scores', difficulty.length);
  const errors = readFlags('isError', isError, difficulty.length);
  const whole = zScoreOf(difficulty);
  const members = membersByClass(labels);
  const meanScores = [...members.values()].map((examples) => {
    const withinClass = zScoreOf(Float64Array.from(examples, (example) => difficulty[example]!));
    const scoreOf = (example: number): number => {
      const value = difficulty[example]!;
      if (normalise === 'none') return scores.values[example]!;
      if (normalise === 'dataset') return whole(value);
      return Math.abs(normalise === 'datasetAbsolute' ? whole(value) : withinClass(value));
    };
    return meanOf(examples.map(scoreOf));
  });
  const { least, most } = extentOf(difficulty);
  const score = withoutRounding(meanScores, normalise === 'none' ? Math.max(Math.abs(least), Math.abs(most)) : 1);
  return [...members].map(([label, examples], position) => ({
    label,
    className: classNames?.[label] ?? String(label),
    count: examples.length,
    score: score[position]!,
    error: (100 * examples.reduce((sum, example) => sum + errors[example]!, 0)) / examples.length,
  }));
}

function membersByClass(labels: ArrayLike<number>): Map<number, number[]> {
  const members = new Map<number, number[]>();
  for (let example = 0; example < labels.length; example++) {
    const label = labels[example]!;
    if (!Number.isInteger(label) || label < 0) {
      throw new VogError('LABEL_INVALID', `labels[${example}] is ${label}; a label is a class index, counted from 0.`);
    }
    const examples = members.get(label);
    if (examples) examples.push(example);
    else members.set(label, [example]);
  }
  return new Map([...members].sort(([first], [second]) => first - second));
}

/** z-score by population standard deviation; 0 for everything where nothing varies, as in `Scores.normalise`. */
function zScoreOf(values: Float64Array): (value: number) => number {
  const { least, most } = extentOf(values);
  if (least === most) return () => 0;
  // At most 1, so that no square overflows; around one of the values, so that a large offset costs no digits.
  const scale = Math.max(Math.abs(least), Math.abs(most));
  const from = least / scale;
  const offsets = values.map((value) => value / scale - from);
  const mean = offsets.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = offsets.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  if (spread === 0) return () => 0;
  const squares = offsets.reduce((sum, value) => sum + ((value - mean) / spread) ** 2, 0);
  const std = spread * Math.sqrt(squares / values.length);
  return (value) => (value / scale - from - mean) / std;
}

/** Mean that neither overflows nor leaves what is equal. */
function meanOf(values: readonly number[]): number {
  const { least, most } = extentOf(values);
  if (least === most) return least;
  const scale = Math.max(Math.abs(least), Math.abs(most));
  return scale * (values.reduce((sum, value) => sum + value / scale, 0) / values.length);
}

function extentOf(values: ArrayLike<number>): { least: number; most: number } {
  let [least, most] = [Infinity, -Infinity];
  for (let index = 0; index < values.length; index++) {
    least = Math.min(least, values[index]!);
    most = Math.max(most, values[index]!);
  }
  return { least, most };
}

/** Gives values that differ by no more than the rounding of their sums one value: an order would be made of the rest. */
function withoutRounding(values: readonly number[], scale: number): number[] {
  const order = values.map((_, index) => index).sort((first, second) => values[first]! - values[second]!);
  const even = [...values];
  for (const [position, index] of order.entries()) {
    const below = order[position - 1];
    if (below !== undefined && values[index]! - values[below]! <= scale * 2 ** -40) even[index] = even[below]!;
  }
  return even;
}
