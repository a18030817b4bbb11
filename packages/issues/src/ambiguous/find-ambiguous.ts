import type { ShapedArray } from '@vogjs/base';
import { declareOptions, type InputOf, share } from '@vogjs/base/options';
import type { Finding } from '../issue.js';
import { likeliest, readRowsOfProbabilities } from '../labels/probabilities.js';
import { requireLabels } from '../shared/arguments.js';
import { scoreAround } from '../shared/score.js';
import { classNamer, countedOfAll, percent } from '../shared/words.js';

const where = 'findAmbiguous';
const declared = declareOptions(where, {
  balance: share()
    .default(0.8)
    .about('Flagged where the second class has so large a share of the likeliest one’s probability.'),
  together: share().default(0.8).about('And where both have so much of the whole: an outlier is torn between many.'),
});

/** Options of `findAmbiguous`. */
export type AmbiguousOptions = InputOf<typeof declared.entries>;

/**
 * Which examples lie between two classes, by the probabilities of networks that have not trained on them; those of a
 * training that has, averaged over its checkpoints, do less well. An example that nobody can place between two is not one
 * whose label is wrong: either of two labels may be right.
 *
 * @param probabilities `[N, K]`; a row of NaN is not judged
 * @param labels given class of each example, `[N]`
 * @throws VogError ARGUMENT_INVALID, INPUT_SHAPE, INPUT_NOT_FINITE, LABEL_INVALID, SAMPLE_TOO_SMALL
 */
export function findAmbiguous(
  probabilities: ShapedArray,
  labels: ArrayLike<number>,
  options: AmbiguousOptions = {},
  classNames?: readonly string[],
): Finding {
  const { balance, together } = declared.resolve(options);
  requireLabels(where, labels);
  const outputs = readRowsOfProbabilities(where, 'probabilities', probabilities, labels);
  const { classes, known } = outputs;
  const two = (i: number): { first: number; second: number; p: number; q: number } => {
    const at = (label: number): number => Number(probabilities.data[i * classes + label]);
    const first = likeliest(outputs, i);
    const second = likeliest(outputs, i, first);
    return { first, second, p: at(first), q: at(second) };
  };
  const scores = Float32Array.from(labels, (_, i) => {
    if (known[i] === 0) return Number.NaN;
    const { p, q } = two(i);
    const score = scoreAround(q / p, balance, 0, 1);
    return p + q >= together ? score : Math.min(score, 0.4999);
  });
  const flagged = Uint8Array.from(scores, (score) => Number(score >= 0.5));
  const nameOf = classNamer(classNames);
  return {
    kind: 'ambiguous',
    scores,
    flagged,
    why: (i) => {
      if (known[i] === 0) return 'There are no outputs for it.';
      const { first, second, p, q } = two(i);
      return `It could be ${nameOf(first)} (${percent(p)}) or ${nameOf(second)} (${percent(q)}); it is labelled ${nameOf(labels[i]!)}.`;
    },
    summary: `${countedOfAll(flagged, 'example', ['lies', 'lie'])} between two classes.`,
  };
}
