import { flag } from '@vogjs/base/options';
import { defineMetric, loss, type MetricOutput, type OptionsOf, type Resource, unitLosses } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { at } from '../shared/options.js';
import { foldOf } from '../shared/over-checkpoints.js';

/** Options of `meanLoss`. */
export type MeanLossOptions = OptionsOf<typeof meanLoss>;

/**
 * Mean loss over training. High = hard.
 *
 * `meanLoss = mean over checkpoints` of the model's own loss. That is -log p_y in nats for a softmax, the mean binary
 * cross-entropy of its units for a multi-label model, and what it was compiled with for a regression (see the resource
 * `loss`). It comes from the logits: finite where p_y underflows to 0, and more than 0 where it rounds to 1. With
 * `at: 'last'` it is the loss at the last checkpoint, which pruning by loss wants. Give that one a name:
 * `meanLoss({ at: 'last', name: 'last-loss' })`.
 *
 * Cost: the forward pass alone. State: N x 4 bytes per window. NaN before the first checkpoint.
 *
 * Source: cross-entropy; as a difficulty score over training, for example Arazo et al., "Unsupervised Label Noise
 * Modeling and Loss Correction", ICML 2019.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option
 */
export const meanLoss = defineMetric({
  name: 'mean-loss',
  hardDirection: 'high',
  words: {
    title: 'Mean loss',
    meaning:
      'the cross-entropy of the given label, averaged over training. The plainest of all: what the model was made to lower, and where it could not',
  },
  options: {
    at,
    units: flag()
      .default(false)
      .about(
        "Of a multi-label model: each unit's mean loss beside that of the example, in columns `unit0`, `unit1` and so on.",
      ),
  },
  contradiction: (options) =>
    options.units && options.at === 'last' ? "at must be 'mean' with units: true; got 'last'" : undefined,
  requires: ({ units }): { readonly value: Resource<tf.Tensor> } => ({ value: units ? unitLosses : loss }),
  // Without units a state says what it said before there was such an option.
  identity: ({ units, ...options }) => ({ at: options.at, ...(units ? { units } : {}) }),
  // With units N x units x 4 bytes per window.
  init: (context, options) => foldOf(options).init(options.units ? [context.size, context.classes] : [context.size]),
  update: (state, { value }, _, options) => foldOf(options).update(state, value),
  compute: (state, { checkpoints }, options): MetricOutput => {
    const means = foldOf(options).compute(state, checkpoints);
    if (!options.units) return means;
    const columns = tf.unstack(means, 1).map((column, unit) => [`unit${unit}`, column] as const);
    return { [options.name]: tf.mean(means, 1), ...Object.fromEntries(columns) };
  },
  merge: (a, b, options) => foldOf(options).merge(a, b),
});
