import { defineMetric, type OptionsOf } from '@vogjs/core';
import { at } from '../shared/options.js';
import { overCheckpoints } from '../shared/over-checkpoints.js';
import { predictiveEntropy } from '../shared/resources.js';

/** Options of `entropy`. */
export type EntropyOptions = OptionsOf<typeof entropy>;

/**
 * Entropy of the predicted probabilities: how undecided the model is. High = hard. Needs no labels.
 *
 * `entropy = mean over checkpoints of -Σ_c p_c log p_c`, in nats, in [0, log classes]; a probability of exactly 0
 * adds 0.
 *
 * Cost: the forward pass alone. State: N x 4 bytes per window. NaN before the first checkpoint.
 *
 * Source: Shannon's entropy of the softmax.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option or value
 */
export const entropy = defineMetric({
  name: 'entropy',
  hardDirection: 'high',
  words: {
    title: 'Entropy of the prediction',
    meaning:
      'how widely the predicted probabilities were spread over the classes, averaged over training. It does not look at the label, so that a wrong label on a clear example goes unseen',
  },
  options: { at },
  requires: () => ({ value: predictiveEntropy }),
  ...overCheckpoints(),
});
