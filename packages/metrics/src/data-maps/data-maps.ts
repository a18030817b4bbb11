import { defineMetric, type OptionsOf, runningMoments } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { meanOf } from '../shared/over-checkpoints.js';
import { isCorrect, labelProbability } from '../shared/resources.js';

/** Options of `dataMaps`. */
export type DataMapsOptions = OptionsOf<typeof dataMaps>;

/**
 * Data maps: how sure the model is of the given label over training, how much that moves, and how often it is right.
 *
 * Columns:
 * - `confidence` (low = hard): mean over checkpoints of p_y.
 * - `variability` (high = hard): population standard deviation over checkpoints of p_y; NaN below two of them. High
 *   marks the ambiguous examples; those that are always wrong have little.
 * - `correctness` (low = hard): fraction of checkpoints at which the largest logit is the given label's.
 *
 * Cost: the forward pass alone. State: 3 N x 4 bytes per window. NaN before the first checkpoint.
 *
 * Source: Swayamdipta et al., "Dataset Cartography: Mapping and Diagnosing Datasets with Training Dynamics", EMNLP 2020,
 * section 2.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option
 */
export const dataMaps = defineMetric({
  name: 'data-maps',
  hardDirection: { confidence: 'low', variability: 'high', correctness: 'low' },
  words: {
    confidence: {
      title: 'Confidence',
      meaning:
        'the mean probability of the given label over training. Low where the model never came to believe the label: wrong labels and the hardest examples',
    },
    variability: {
      title: 'Variability',
      meaning:
        'how much the probability of the given label moved over training (its standard deviation). High for ambiguous examples; those that are always wrong, as wrong labels often are, have little of it',
    },
    correctness: {
      title: 'Correctness',
      meaning: 'the share of checkpoints at which the given label was predicted. Few checkpoints make many ties',
    },
  },
  requires: () => ({ labelProbability, isCorrect }),
  init: ({ size }) => ({ ...runningMoments.init([size]), correct: tf.zeros([size]) }),
  update: (state, resources) => ({
    ...runningMoments.push(momentsOf(state), resources.labelProbability),
    correct: tf.add(state.correct, resources.isCorrect),
  }),
  compute: (state, { checkpoints }) => ({
    confidence: checkpoints === 0 ? meanOf(state.mean, 0) : state.mean,
    variability: tf.sqrt(runningMoments.variance(momentsOf(state))),
    correctness: meanOf(state.correct, checkpoints),
  }),
  merge: (a, b) => ({
    ...runningMoments.merge(momentsOf(a), momentsOf(b)),
    correct: tf.add(a.correct, b.correct),
  }),
});

/** The moments in the state. */
function momentsOf({ count, mean, m2 }: { count: tf.Scalar; mean: tf.Tensor; m2: tf.Tensor }) {
  return { count, mean, m2 };
}
