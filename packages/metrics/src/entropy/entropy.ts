import { type Metric, refuseUnknownKeys } from '@vogjs/core';
import { checkpointScalar } from '../shared/checkpoint-scalar.js';
import type { AtOption, NameOption } from '../shared/options.js';
import { predictiveEntropy } from '../shared/resources.js';

/** Options of `entropy`. */
export interface EntropyOptions extends NameOption, AtOption {}

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
export function entropy(options: EntropyOptions = {}): Metric {
  refuseUnknownKeys('entropy', options, ['name', 'at']);
  const { name = 'entropy', at = 'mean' } = options;
  return checkpointScalar({
    name,
    at,
    hardDirection: 'high',
    requires: { predictiveEntropy },
    value: (resources) => resources.predictiveEntropy,
  });
}
