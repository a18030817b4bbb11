import { declareOptions, fits, type InputOf, integer } from '@vogjs/base/options';
import { encodeLabels, type LabelValue } from '@vogjs/base';
import { seededRandom, VogError } from '@vogjs/core';
import { requireArray } from '@vogjs/statistics';

const declared = declareOptions('folds', {
  count: integer(2).default(5).about('Number of folds.'),
  seed: fits<number>('a seed', () => true)
    .default(0)
    .about('Decides the folds.'),
});

/** Options of `folds`. */
export type FoldsOptions = InputOf<typeof declared.entries>;

/** One fold: train on one part, score the other. */
export interface Fold {
  /** Positions of the examples to train on, ascending. */
  readonly training: Int32Array;
  /** Positions of the examples to score with that model, ascending. */
  readonly heldOut: Int32Array;
}

/**
 * Splits examples into folds, each held out once, with every class spread evenly over them: for out-of-sample
 * probabilities, which confident learning wants of every example.
 *
 * @param given class of each example, `[N]`: class indices, names, booleans or bigints
 * @throws VogError ARGUMENT_INVALID; LABEL_INVALID for what is not a class; SAMPLE_TOO_SMALL with fewer examples than folds
 */
export function folds(given: ArrayLike<LabelValue>, options: FoldsOptions = {}): Fold[] {
  const { count, seed } = declared.resolve(options);
  requireArray('labels', given);
  const { labels } = encodeLabels(given, { where: 'folds' });
  if (labels.length < count) {
    throw new VogError(
      'SAMPLE_TOO_SMALL',
      `${labels.length} examples cannot be split into ${count} folds. Give fewer folds.`,
    );
  }
  const shuffled = [...seededRandom(seed).shuffle(labels.length)];
  const byClass = shuffled.toSorted((a, b) => (labels[a] as number) - (labels[b] as number));
  const foldOf = new Int32Array(labels.length);
  // Dealt out in turn across the classes' borders: sizes differ by one at most, and so do a class's shares.
  for (const [turn, example] of byClass.entries()) foldOf[example] = turn % count;
  const examples = Int32Array.from(foldOf.keys());
  return Array.from({ length: count }, (_, fold) => ({
    training: examples.filter((example) => foldOf[example] !== fold),
    heldOut: examples.filter((example) => foldOf[example] === fold),
  }));
}
