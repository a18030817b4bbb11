import { declareOptions, type InputOf, share } from '@vogjs/base/options';
import type { Issue } from '../issue.js';
import { requireLabels } from '../shared/arguments.js';
import { scoreAround } from '../shared/score.js';
import { classNamer, counted, percent } from '../shared/words.js';

const where = 'findImbalance';
const declared = declareOptions(where, {
  rare: share().default(0.1).about('Flagged below this share of an even class, N / K.'),
});

/** Options of `findImbalance`. */
export type ImbalanceOptions = InputOf<typeof declared.entries>;

/**
 * Which classes have few examples, or none; one issue a class, fewest first. A data set of one class is an issue by
 * itself: there is nothing to tell apart.
 *
 * @param labels given class of each example, `[N]`
 * @param classNames names of all classes; of those that are not named, only the ones that occur are known
 * @throws VogError ARGUMENT_INVALID, LABEL_INVALID, SAMPLE_TOO_SMALL
 */
export function findImbalance(
  labels: ArrayLike<number>,
  options: ImbalanceOptions = {},
  classNames?: readonly string[],
): Issue[] {
  const { rare } = declared.resolve(options);
  requireLabels(where, labels);
  const counts = new Map<number, number>(classNames?.map((_, label) => [label, 0]));
  for (let i = 0; i < labels.length; i++) counts.set(labels[i]!, (counts.get(labels[i]!) ?? 0) + 1);
  const nameOf = classNamer(classNames);
  const [only] = counts.keys();
  if (counts.size === 1) {
    const why = `All ${counted(labels.length, 'example')} are of one class, ${nameOf(only!)}: there is nothing to tell apart.`;
    return [{ kind: 'imbalance', detail: 'one class', id: nameOf(only!), score: 1, flagged: true, why }];
  }
  const even = labels.length / counts.size;
  return [...counts]
    .toSorted(([a, few], [b, more]) => few - more || a - b)
    .map(([label, count]): Issue => {
      // From an even share, nothing to see, to none, the worst.
      const score = scoreAround(-count / even, -rare, -1, 0);
      const share = percent(count / labels.length);
      const why = `${nameOf(label)} has ${counted(count, 'example')}, ${share} of all; an even share were ${percent(1 / counts.size)}.`;
      const detail = count === 0 ? 'empty' : 'rare';
      return { kind: 'imbalance', detail, id: nameOf(label), score, flagged: score >= 0.5, why };
    });
}
