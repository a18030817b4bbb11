import { arrayLike, record, type ShapedArray, VogError } from '@vogjs/base';
import { declareOptions, fits, flag, type InputOf, integer, positiveShare } from '@vogjs/base/options';
import { countOfShare, requireArray, requireSameLength, requireShaped } from './arguments.js';
import type { LabelledScores } from './difficulty-scores.js';
import { nameScores, type NamedScores, type ScoresByName } from './named-scores.js';
import { percentilesOf } from './percentiles.js';

/** Scores that know the labels under suspicion. */
export interface SuspectScores extends NamedScores, LabelledScores {}

const declared = declareOptions(
  'detectLabelErrors',
  {
    count: integer(0).optional('share').about('How many suspects to return.'),
    share: positiveShare().optional('0.05').about('What share of the examples to return, instead of a count.'),
    predictions: fits<ArrayLike<number>>('an array with a class index for each example', arrayLike.holds)
      .optional()
      .about('Predicted class per example. Best of a model that has not trained on the example.'),
    probabilities: fits<ShapedArray>('{ data, shape } of [examples, classes]', record.holds)
      .optional()
      .about('Probabilities instead, of the last checkpoint or the mean over checkpoints.'),
    onlyProposed: flag().default(false).about('Keeps only examples for which another label is proposed.'),
  },
  {
    contradiction: ({ count, share, predictions, probabilities }) => {
      if (count !== undefined && share !== undefined) {
        return 'both count and share were given; say how many to return in one way';
      }
      return predictions && probabilities
        ? 'both predictions and probabilities were given; one of them proposes'
        : undefined;
    },
  },
);

/** Options of `detectLabelErrors`. */
export type LabelErrorOptions = InputOf<typeof declared.entries>;

/** An example whose label deserves a second look. */
export interface LabelSuspect {
  /** 1 = most suspect. */
  readonly rank: number;
  /** Position in the scores, from 0. */
  readonly index: number;
  readonly id: string | number;
  readonly givenLabel: number;
  readonly givenClass: string;
  /** The class predicted instead; null where the prediction is the given label, or nothing was predicted. */
  readonly proposedLabel: number | null;
  readonly proposedClass: string | null;
  /** Difficulty percentile, 100 = hardest; of several metrics their mean. */
  readonly percentile: number;
  /** Difficulty percentile by each metric that has a score for the example. */
  readonly percentiles: Readonly<Record<string, number>>;
  /** Why it is here, in words. */
  readonly reason: string;
}

/**
 * The examples whose labels are most worth checking, hardest first by each score's declared direction; of several
 * metrics, by the mean of their percentiles. With predictions or probabilities, a label is proposed for those where the
 * model prefers another one.
 *
 * What this does not do: it does not decide. Hard examples are mislabelled, ambiguous, rare or merely difficult, and
 * no score tells these apart; on clean data it returns just as many. How many of the suspects are wrong depends on the
 * data and the metric: check a sample by hand, or measure with planted errors and `evaluateDetection`. A model that
 * has trained on an example for long has learned its label, right or wrong, and then proposes nothing. Prefer
 * probabilities from early checkpoints, averaged over them, or from folds that left the example out. Averaging metrics
 * helps where they err differently, and cannot rescue a bad one.
 *
 * ```ts
 * const suspects = detectLabelErrors([vogScores, aumScores], { share: 0.02, predictions });
 * console.table(suspects);
 * ```
 *
 * @param scores of one metric, or of several for the same examples (a list, or a record by name)
 * @returns most suspect first, equal ones in the order of the examples. Examples with NaN for a metric are judged by
 * the others; with NaN for all, they are left out.
 * @throws VogError ARGUMENT_INVALID (options that contradict or are out of range, no labels), PROBE_MISMATCH (other
 * examples, lengths), LABEL_INVALID (a label or prediction that is not a class), INPUT_NOT_FINITE (no score at all, NaN
 * probabilities), INPUT_SHAPE, SAMPLE_TOO_SMALL (no metric)
 */
export function detectLabelErrors(
  scores: SuspectScores | ScoresByName<SuspectScores>,
  options: LabelErrorOptions = {},
): LabelSuspect[] {
  const resolved = declared.resolve(options);
  const named = nameScores(isSingle(scores) ? [scores] : scores);
  const first = named[0]?.[1];
  if (!first) throw new VogError('SAMPLE_TOO_SMALL', 'There are no scores; give those of at least one metric.');
  const labels = first.labels;
  if (!labels) {
    throw new VogError('ARGUMENT_INVALID', 'These scores have no labels; without labels there are no label errors.');
  }
  const size = first.values.length;
  requireSameLength('labels', labels.length, 'scores', size);
  const percentiles = named.map(([, item]) => percentilesOf(item));
  const suspicion = Float64Array.from({ length: size }, (_, example) => meanOfNumbers(percentiles, example));
  const scored = Array.from(suspicion.keys()).filter((example) => !Number.isNaN(suspicion[example]));
  if (scored.length === 0) {
    throw new VogError('INPUT_NOT_FINITE', 'Every score is NaN. Take more checkpoints first (VoG needs two).');
  }
  const proposalOf = proposalsOf(resolved, labels);
  const kept = resolved.onlyProposed
    ? scored.filter((example) => typeof proposalOf(example)?.proposed === 'number')
    : scored;
  const count = countOf(resolved, size);
  // The sort is stable: equal suspects stay in the order of the examples.
  // Means of the same percentiles in another order differ by a rounding, which must not rank.
  const keys = suspicion.map((percentile) => Math.round(1e9 * percentile));
  const ranking = kept.toSorted((a, b) => keys[b]! - keys[a]!).slice(0, count);
  const classOf = (label: number): string => first.classNames?.[label] ?? String(label);
  return ranking.map((index, position) => {
    const givenLabel = labels[index]!;
    const proposal = proposalOf(index);
    const proposedLabel = proposal?.proposed ?? null;
    const own = named.flatMap(([name], metric): [string, number][] => {
      const percentile = percentiles[metric]![index]!;
      return Number.isNaN(percentile) ? [] : [[name, percentile]];
    });
    return {
      rank: position + 1,
      index,
      id: first.ids?.[index] ?? index,
      givenLabel,
      givenClass: classOf(givenLabel),
      proposedLabel,
      proposedClass: proposedLabel === null ? null : classOf(proposedLabel),
      percentile: suspicion[index]!,
      percentiles: Object.fromEntries(own),
      reason: `${whyHard(own, suspicion[index]!)}; ${whyLabel(proposal, classOf, givenLabel)}`,
    };
  });
}

/** What the model makes of an example. */
interface Proposal {
  readonly proposed: number | null;
  /** Probabilities of the class predicted and of the class given, where they are known. */
  readonly probability?: { readonly predicted: number; readonly given: number };
}

function proposalsOf(
  { predictions, probabilities }: LabelErrorOptions,
  labels: ArrayLike<number>,
): (example: number) => Proposal | null {
  if (probabilities) return fromProbabilities(probabilities, labels);
  for (const [name, classes] of Object.entries({ labels, ...(predictions && { predictions }) })) {
    requireArray(name, classes);
    requireSameLength(name, classes.length, 'scores', labels.length);
    for (let example = 0; example < classes.length; example++) requireClass(name, classes[example]!, example, Infinity);
  }
  if (!predictions) return () => null;
  return (example) => ({ proposed: predictions[example] === labels[example] ? null : predictions[example]! });
}

function fromProbabilities(probabilities: ShapedArray, labels: ArrayLike<number>): (example: number) => Proposal {
  requireShaped('probabilities', probabilities);
  const { data, shape } = probabilities;
  const [size = 0, classes = 0] = shape;
  if (shape.length !== 2 || size !== labels.length || classes < 2 || data.length !== size * classes) {
    throw new VogError(
      'INPUT_SHAPE',
      `The probabilities have shape [${shape.join(', ')}] and ${data.length} values; expected [${labels.length}, classes].`,
    );
  }
  for (let index = 0; index < data.length; index++) {
    if (Number.isFinite(Number(data[index]))) continue;
    const [example, label] = [Math.floor(index / classes), index % classes];
    throw new VogError(
      'INPUT_NOT_FINITE',
      `The probability of class ${label} of example ${example} is ${data[index]}.`,
    );
  }
  for (let example = 0; example < size; example++) requireClass('labels', labels[example]!, example, classes);
  return (example) => {
    const given = labels[example]!;
    const at = (label: number): number => Number(data[example * classes + label]);
    let predicted = given;
    for (let label = 0; label < classes; label++) if (at(label) > at(predicted)) predicted = label;
    const probability = { predicted: at(predicted), given: at(given) };
    return { proposed: predicted === given ? null : predicted, probability };
  };
}

function requireClass(name: string, label: number, example: number, classes: number): void {
  if (Number.isInteger(label) && label >= 0 && label < classes) return;
  const expected = Number.isFinite(classes) ? `0 to ${classes - 1}` : 'counted from 0';
  throw new VogError('LABEL_INVALID', `${name}[${example}] is ${label}; expected a class index, ${expected}.`);
}

function countOf({ count, share = 0.05 }: LabelErrorOptions, size: number): number {
  return count ?? countOfShare(share, size);
}

function meanOfNumbers(columns: readonly Float64Array[], example: number): number {
  const numbers = columns.map((column) => column[example]!).filter((value) => !Number.isNaN(value));
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

function whyHard(own: readonly [string, number][], suspicion: number): string {
  // Cut, not rounded: 99.97 is not the hardest example.
  const shown = (percentile: number): string => (Math.floor(10 * percentile) / 10).toFixed(1);
  if (own.length === 1) return `percentile ${shown(suspicion)} of difficulty by ${own[0]![0]}`;
  const parts = own.map(([name, percentile]) => `${name} ${shown(percentile)}`);
  return `mean percentile ${shown(suspicion)} of difficulty (${parts.join(', ')})`;
}

function whyLabel(proposal: Proposal | null, classOf: (label: number) => string, given: number): string {
  if (!proposal) return 'no prediction to compare the label with';
  const { proposed, probability } = proposal;
  const p = (value: number): string => (probability ? ` (p = ${value.toFixed(2)})` : '');
  if (proposed === null) {
    return `the model predicts the given label, ${classOf(given)}${p(probability?.given ?? 0)}: it has learned it, or the example is merely hard`;
  }
  const rest = probability ? ` (p = ${probability.given.toFixed(2)})` : '';
  return `the model predicts ${classOf(proposed)}${p(probability?.predicted ?? 0)}, not ${classOf(given)}${rest}`;
}

function isSingle(scores: SuspectScores | ScoresByName<SuspectScores>): scores is SuspectScores {
  return (
    typeof scores === 'object' &&
    scores !== null &&
    'values' in scores &&
    'hardDirection' in scores &&
    typeof scores.hardDirection === 'string'
  );
}
