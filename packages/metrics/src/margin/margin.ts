import { type Metric, refuseUnknownKeys } from '@vogjs/core';
import { checkpointScalar } from '../shared/checkpoint-scalar.js';
import type { AtOption, NameOption } from '../shared/options.js';
import { probabilityMargin } from '../shared/resources.js';

/** Options of `margin`. */
export interface MarginOptions extends NameOption, AtOption {}

/**
 * Margin of probabilities: how far the given label is ahead of the likeliest other one. Low = hard.
 *
 * `margin = mean over checkpoints of p_y - max over c != y of p_c`, in [-1, 1]. For the margin of logits see `aum`.
 *
 * Cost: the forward pass alone. State: N x 4 bytes per window. NaN before the first checkpoint.
 *
 * Source: the margin of boosting theory, Schapire, Freund, Bartlett & Lee, Annals of Statistics 26 (1998).
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option or value
 */
export function margin(options: MarginOptions = {}): Metric {
  refuseUnknownKeys('margin', options, ['name', 'at']);
  const { name = 'margin', at = 'mean' } = options;
  return checkpointScalar({
    name,
    at,
    hardDirection: 'low',
    requires: { probabilityMargin },
    value: (resources) => resources.probabilityMargin,
  });
}
