import type { LabelValue, ShapedArray } from '@vogjs/base';
import { declareOptions, type InputOf, listOf, oneOf, text } from '@vogjs/base/options';
import { confidentClasses, type ConfidentJoint, confidentJoint, readProbabilities } from './joint.js';

/**
 * Which examples are issues:
 * - `'confidentJoint'` (default): those off the diagonal of the confident joint.
 * - `'confusion'`: those whose likeliest class is not the given one.
 * - `'pruneByClass'`: of each class, as many as its calibrated row has off the diagonal, the least self-confident.
 * - `'pruneByNoiseRate'`: of each pair of classes i, j, as many as the calibrated joint has, the largest p_j - p_i.
 * - `'both'`: those of `'pruneByClass'` and of `'pruneByNoiseRate'`.
 */
const methods = oneOf('confidentJoint', 'confusion', 'pruneByClass', 'pruneByNoiseRate', 'both');

const declared = declareOptions('labelIssues', {
  method: methods.about('Which examples are issues.'),
  rankBy: oneOf('selfConfidence', 'normalisedMargin').about('What puts the worst label first.'),
  classNames: listOf(text(), 2)
    .optional('sorted')
    .about('Names of the classes in the order of the probabilities, for labels that are names.'),
});

/** Options of `labelIssues`. */
export type LabelIssuesOptions = InputOf<typeof declared.entries>;

/** An example whose given label is probably wrong. */
export interface LabelIssue {
  /** Position in the probe, from 0. */
  readonly index: number;
  readonly given: number;
  /** The likeliest other class; the one it is confidently, for `'confidentJoint'`. */
  readonly proposed: number;
  /** p_y */
  readonly selfConfidence: number;
  /** p_y - max over c != y of p_c */
  readonly normalisedMargin: number;
}

/**
 * Finds examples whose given label is probably wrong, worst first; equal ones in probe order.
 *
 * Source: Northcutt, Jiang & Chuang 2021, section 3.2 (methods 1 to 5) and 3.3 (ranking).
 *
 * @param probabilities `[N, classes]`, wanted out of sample; of `probabilitiesOf` in `@vogjs/metrics`, for example
 * @param given class of each example, `[N]`: indices, names, booleans or bigints
 * @throws VogError ARGUMENT_INVALID, INPUT_SHAPE, LABEL_INVALID, INPUT_NOT_FINITE
 */
export function labelIssues(
  probabilities: ShapedArray,
  given: ArrayLike<LabelValue>,
  options: LabelIssuesOptions = {},
): LabelIssue[] {
  const { method, rankBy, classNames } = declared.resolve(options);
  const { size, classes, labels, at } = readProbabilities(probabilities, given, classNames);
  const estimate = confidentJoint(probabilities, labels);
  const confident = confidentClasses(probabilities, estimate.thresholds);
  const examples = Array.from({ length: size }, (_, index): LabelIssue => {
    const given = labels[index] as number;
    let likeliest = given === 0 ? 1 : 0;
    for (let c = 0; c < classes; c++) if (c !== given && at(index, c) > at(index, likeliest)) likeliest = c;
    const isConfident = method === 'confidentJoint' && confident[index]! >= 0;
    return {
      index,
      given,
      proposed: isConfident ? confident[index]! : likeliest,
      selfConfidence: at(index, given),
      normalisedMargin: at(index, given) - at(index, likeliest),
    };
  });
  const rules: Record<typeof method, () => ReadonlySet<LabelIssue>> = {
    confidentJoint: () =>
      new Set(examples.filter(({ index, given }) => confident[index]! >= 0 && confident[index] !== given)),
    confusion: () => new Set(examples.filter(({ normalisedMargin }) => normalisedMargin < 0)),
    pruneByClass: () => pruneByClass(examples, estimate),
    pruneByNoiseRate: () => pruneByNoiseRate(examples, estimate, at),
    both: () => {
      const byRate = pruneByNoiseRate(examples, estimate, at);
      return new Set([...pruneByClass(examples, estimate)].filter((example) => byRate.has(example)));
    },
  };
  return [...rules[method]()].toSorted((a, b) => a[rankBy] - b[rankBy] || a.index - b.index);
}

function pruneByClass(examples: readonly LabelIssue[], { classes, calibrated }: ConfidentJoint): Set<LabelIssue> {
  const chosen = new Set<LabelIssue>();
  for (let i = 0; i < classes; i++) {
    const labelled = examples.filter(({ given }) => given === i);
    const count = Math.round(labelled.length - calibrated[i * classes + i]!);
    // The sort is stable: of equal ones the first go.
    const worst = labelled.toSorted((a, b) => a.selfConfidence - b.selfConfidence);
    for (const example of worst.slice(0, count)) chosen.add(example);
  }
  return chosen;
}

function pruneByNoiseRate(
  examples: readonly LabelIssue[],
  { classes, calibrated }: ConfidentJoint,
  at: (example: number, c: number) => number,
): Set<LabelIssue> {
  const chosen = new Set<LabelIssue>();
  for (let i = 0; i < classes; i++) {
    const labelled = examples.filter(({ given }) => given === i);
    for (let j = 0; j < classes; j++) {
      const count = i === j ? 0 : Math.round(calibrated[i * classes + j]!);
      if (count === 0) continue;
      const ahead = ({ index }: LabelIssue): number => at(index, j) - at(index, i);
      for (const example of labelled.toSorted((a, b) => ahead(b) - ahead(a)).slice(0, count)) chosen.add(example);
    }
  }
  return chosen;
}
