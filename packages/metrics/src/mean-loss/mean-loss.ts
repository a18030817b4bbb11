import { defineMetric, loss, type Metric, refuseUnknownKeys, unitLosses } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { checkpointScalar, meanOf } from '../shared/checkpoint-scalar.js';
import { type AtOption, invalidOption, type NameOption, requireOneOf } from '../shared/options.js';

/** Options of `meanLoss`. */
export interface MeanLossOptions extends NameOption, AtOption {
  /**
   * For a multi-label model: the mean loss of each unit beside that of the example, in columns `unit0`, `unit1`, … Not
   * with `at: 'last'`. Default false.
   */
  readonly units?: boolean;
}

/**
 * Mean loss over training. High = hard.
 *
 * `meanLoss = mean over checkpoints` of the model's own loss: for a softmax -log p_y in nats, for a multi-label model the
 * mean binary cross-entropy of its units, for a regression what it was compiled with (see the resource `loss`). From the
 * logits: finite where p_y underflows to 0, and more than 0 where it rounds to 1. With
 * `at: 'last'` the loss at the last checkpoint, which pruning by loss wants; name it, as in
 * `meanLoss({ at: 'last', name: 'last-loss' })`.
 *
 * Cost: the forward pass alone. State: N x 4 bytes per window. NaN before the first checkpoint.
 *
 * Source: cross-entropy; as a difficulty score over training, for example Arazo et al., "Unsupervised Label Noise
 * Modeling and Loss Correction", ICML 2019.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option
 */
export function meanLoss(options: MeanLossOptions = {}): Metric {
  refuseUnknownKeys('meanLoss', options, ['name', 'at', 'units']);
  const { name = 'mean-loss', at = 'mean', units = false } = options;
  requireOneOf('meanLoss', 'units', units, [true, false]);
  if (units && at === 'last') throw invalidOption('meanLoss', 'at', "'mean' with units: true", at);
  if (units) return unitMeans(name);
  return checkpointScalar({
    name,
    at,
    hardDirection: 'high',
    requires: { loss },
    value: (resources) => resources.loss,
  });
}

/** State: N x units x 4 bytes per window. */
function unitMeans(name: string): Metric {
  return defineMetric({
    name,
    hardDirection: 'high',
    requires: { unitLosses },
    options: { at: 'mean', units: true },
    init: ({ size, classes }) => ({ sum: tf.zeros([size, classes]) }),
    update: ({ sum }, resources) => ({ sum: tf.add(sum, resources.unitLosses) }),
    compute: ({ sum }, { checkpoints }) => {
      const means = meanOf(sum, checkpoints);
      const columns = tf.unstack(means, 1).map((column, unit) => [`unit${unit}`, column] as const);
      return { [name]: tf.mean(means, 1), ...Object.fromEntries(columns) };
    },
    merge: (a, b) => ({ sum: tf.add(a.sum, b.sum) }),
  });
}
