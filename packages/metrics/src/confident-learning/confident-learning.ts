import {
  defineMetric,
  labels,
  type OptionsOf,
  probabilities,
  type Scores,
  type ShapedArray,
  VogError,
} from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { at } from '../shared/options.js';
import { undefinedScores } from '../shared/over-checkpoints.js';

/** Options of `confidentLearning`. */
export type ConfidentLearningOptions = OptionsOf<typeof confidentLearning>;

/**
 * Confident learning's label quality, from probabilities averaged over checkpoints or those of the last. Low = hard.
 *
 * With `p` = mean over checkpoints of softmax(A), or the last one's with `at: 'last'`, the columns are
 * - `selfConfidence`: p_y;
 * - `normalisedMargin`: p_y - max over c != y of p_c, in [-1, 1];
 * - `probability0`, `probability1`, …: p_c, which `probabilitiesOf` collects for `classThresholds`, `confidentJoint` and
 *   `labelIssues`.
 *
 * Confident learning wants out-of-sample probabilities: a model that memorised a wrong label is confident in it. Give
 * the tracker a held-out probe, or train once for each of `folds(…)` with the fold left out as the probe; averaging
 * over checkpoints softens memorisation and does not undo it.
 *
 * Cost: the forward pass alone. State: N x (classes + 1) x 4 bytes per window; the number of classes must be known when
 * a plan is asked for before the model is seen (`classes`, `classNames` or one-hot labels). NaN before the first
 * checkpoint.
 *
 * Source: Northcutt, Jiang & Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70 (2021).
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option or value
 */
export const confidentLearning = defineMetric({
  name: 'confident-learning',
  hardDirection: 'low',
  words: {
    selfConfidence: {
      title: 'Self-confidence (confident learning)',
      meaning:
        'the probability that the model gives to the label. Meant for probabilities of a model that has not trained on the example; one that has may have learned a wrong label by heart',
    },
    normalisedMargin: {
      title: 'Normalised margin (confident learning)',
      meaning:
        'the probability of the given label minus the largest other one. Meant for probabilities of a model that has not trained on the example',
    },
  },
  options: { at },
  requires: () => ({ probabilities, labels }),
  init: ({ size, classes }) => ({
    // The sum over checkpoints, or the last one's.
    probabilities: tf.zeros([size, classes]) as tf.Tensor,
    labels: tf.zeros([size], 'int32') as tf.Tensor,
    seen: tf.scalar(0) as tf.Tensor,
  }),
  update: (state, resources, _, options) => ({
    probabilities:
      options.at === 'mean' ? tf.add(state.probabilities, resources.probabilities) : resources.probabilities,
    labels: resources.labels,
    seen: tf.scalar(1),
  }),
  compute: (state, { checkpoints, size }, options) => {
    const classes = state.probabilities.shape[1] as number;
    const mean = options.at === 'mean' ? tf.div(state.probabilities, Math.max(1, checkpoints)) : state.probabilities;
    const p = checkpoints === 0 ? undefinedScores([size, classes]) : mean;
    const isLabel = tf.equal(tf.reshape(state.labels, [size, 1]), classRow(classes));
    const own = tf.sum(tf.where(isLabel, p, tf.zerosLike(p)), 1);
    const others = tf.max(tf.where(isLabel, tf.zerosLike(p), p), 1);
    const columns = tf.unstack(p, 1).map((column, c) => [`probability${c}`, column] as const);
    return { selfConfidence: own, normalisedMargin: tf.sub(own, others), ...Object.fromEntries(columns) };
  },
  merge: (a, b, options) => ({
    probabilities:
      options.at === 'mean'
        ? tf.add(a.probabilities, b.probabilities)
        : tf.where(tf.greater(b.seen, 0), b.probabilities, a.probabilities),
    // The same on both sides, or 0 where there was no checkpoint.
    labels: tf.maximum(a.labels, b.labels),
    seen: tf.maximum(a.seen, b.seen),
  }),
});

/** `[1, classes]`: 0, 1, 2, … */
function classRow(classes: number): tf.Tensor2D {
  return tf.tensor2d(
    Int32Array.from({ length: classes }, (_, c) => c),
    [1, classes],
    'int32',
  );
}

/**
 * The probabilities `[N, classes]` in the columns of a `confidentLearning` metric:
 * `probabilitiesOf(await tracker.columns('confident-learning'))`.
 *
 * @returns `[N, classes]`, row-major
 * @throws VogError METRIC_UNKNOWN when the columns are of another metric; ARGUMENT_INVALID for what is no record
 */
export function probabilitiesOf(columns: Readonly<Record<string, Pick<Scores, 'values'>>>): ShapedArray {
  if (typeof columns !== 'object' || columns === null || columns instanceof Promise) {
    throw new VogError('ARGUMENT_INVALID', "probabilitiesOf takes await tracker.columns('confident-learning').");
  }
  const byClass: Float32Array[] = [];
  for (let c = 0; columns[`probability${c}`] !== undefined; c++) {
    byClass.push((columns[`probability${c}`] as Pick<Scores, 'values'>).values);
  }
  const [first] = byClass;
  if (first === undefined) {
    throw new VogError(
      'METRIC_UNKNOWN',
      `probabilitiesOf found no column 'probability0' among: ${Object.keys(columns).join(', ')}. ` +
        "Pass await tracker.columns('confident-learning').",
    );
  }
  const classes = byClass.length;
  const data = new Float32Array(first.length * classes);
  for (const [c, values] of byClass.entries()) values.forEach((p, i) => (data[i * classes + c] = p));
  return { data, shape: [first.length, classes] };
}
