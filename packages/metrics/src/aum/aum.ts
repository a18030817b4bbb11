import { type Metric, refuseUnknownKeys } from '@vogjs/core';
import { checkpointScalar } from '../shared/checkpoint-scalar.js';
import type { NameOption } from '../shared/options.js';
import { logitMargin } from '../shared/resources.js';

/** Options of `aum`. */
export interface AumOptions extends NameOption {}

/**
 * Area under the margin: how far the given label's logit stays ahead of the largest other one. Low = hard.
 *
 * `AUM = mean over checkpoints of A_y - max over c != y of A_c`; logits, never probabilities. Negative where another
 * class was ahead on average; 0 where they tie.
 *
 * Cost: the forward pass alone. State: N x 4 bytes per window. NaN before the first checkpoint.
 *
 * Source: Pleiss, Zhang, Elenberg & Weinberger, "Identifying Mislabeled Data using the Area Under the Margin Ranking",
 * NeurIPS 2020, eq. 1-2.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option
 */
export function aum(options: AumOptions = {}): Metric {
  refuseUnknownKeys('aum', options, ['name']);
  const { name = 'aum' } = options;
  return checkpointScalar({
    name,
    at: 'mean',
    hardDirection: 'low',
    requires: { logitMargin },
    value: (resources) => resources.logitMargin,
  });
}
