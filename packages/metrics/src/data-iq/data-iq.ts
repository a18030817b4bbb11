import { defineMetric, type OptionsOf } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { meanOf } from '../shared/over-checkpoints.js';
import { labelProbability, otherProbability } from '../shared/resources.js';

/** Options of `dataIq`. */
export type DataIqOptions = OptionsOf<typeof dataIq>;

/**
 * Data-IQ: the part of an example's uncertainty that lies in the data, beside the model's confidence in its label.
 *
 * Columns:
 * - `aleatoric` (high = hard, in the sense of ambiguous): mean over checkpoints of `p_y (1 - p_y)`, in [0, 1/4].
 * - `confidence` (low = hard): mean over checkpoints of p_y.
 *
 * An example that is confidently wrong throughout, as a mislabelled one may be, has low aleatoric uncertainty: it is
 * `hard`, not `ambiguous`. `dataIqGroups` tells them apart.
 *
 * Cost: the forward pass alone. State: 2 N x 4 bytes per window. NaN before the first checkpoint.
 *
 * Source: Seedat, Crabbé, Bica & van der Schaar, "Data-IQ: Characterizing subgroups with heterogeneous outcomes in
 * tabular data", NeurIPS 2022, section 3.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option
 */
export const dataIq = defineMetric({
  name: 'data-iq',
  hardDirection: { aleatoric: 'high', confidence: 'low' },
  words: {
    confidence: {
      title: 'Confidence',
      meaning:
        'the mean probability of the given label over training. Low where the model never came to believe the label: wrong labels and the hardest examples',
    },
    aleatoric: {
      title: 'Aleatoric uncertainty (Data-IQ)',
      meaning:
        "the mean over training of p (1 − p), p the probability of the given label: doubt that lies in the example. High for ambiguous examples; an example that is surely predicted as another class has little of it, and shows in Data-IQ's confidence instead",
    },
  },
  requires: () => ({ labelProbability, otherProbability }),
  init: ({ size }) => ({ aleatoric: tf.zeros([size]), confidence: tf.zeros([size]) }),
  update: (state, { labelProbability: p, otherProbability: rest }) => ({
    aleatoric: tf.add(state.aleatoric, tf.mul(p, rest)),
    confidence: tf.add(state.confidence, p),
  }),
  compute: (state, { checkpoints }) => ({
    aleatoric: meanOf(state.aleatoric, checkpoints),
    confidence: meanOf(state.confidence, checkpoints),
  }),
  merge: (a, b) => ({
    aleatoric: tf.add(a.aleatoric, b.aleatoric),
    confidence: tf.add(a.confidence, b.confidence),
  }),
});
