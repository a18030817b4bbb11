import { loss, type Metric, refuseUnknownKeys } from '@vogjs/core';
import { checkpointScalar } from '../shared/checkpoint-scalar.js';
import type { AtOption, NameOption } from '../shared/options.js';

/** Options of `meanLoss`. */
export interface MeanLossOptions extends NameOption, AtOption {}

/**
 * Mean loss over training. High = hard.
 *
 * `meanLoss = mean over checkpoints of -log p_y`, in nats, from log-softmax: finite where p_y underflows to 0. With
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
  refuseUnknownKeys('meanLoss', options, ['name', 'at']);
  const { name = 'mean-loss', at = 'mean' } = options;
  return checkpointScalar({
    name,
    at,
    hardDirection: 'high',
    requires: { loss },
    value: (resources) => resources.loss,
  });
}
