import { type Metric, refuseUnknownKeys } from '@vogjs/core';
import { checkpointScalar } from '../shared/checkpoint-scalar.js';
import type { AtOption, NameOption } from '../shared/options.js';
import { errorNorm } from '../shared/resources.js';

/** Options of `el2n`. */
export interface El2nOptions extends NameOption, AtOption {}

/**
 * EL2N, the error's L2 norm: how far the predicted probabilities lie from the given label. High = hard.
 *
 * `EL2N = mean over checkpoints of norm2(p - onehot(y))`, in [0, √2]; never squared. The paper averages over models
 * early in training rather than over checkpoints: for that, give the tracker a window of early epochs.
 *
 * Cost: the forward pass alone. State: N x 4 bytes per window. NaN before the first checkpoint.
 *
 * Source: Paul, Ganguli & Dziugaite, "Deep Learning on a Data Diet", NeurIPS 2021, definition 2.3.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option or value
 */
export function el2n(options: El2nOptions = {}): Metric {
  refuseUnknownKeys('el2n', options, ['name', 'at']);
  const { name = 'el2n', at = 'mean' } = options;
  return checkpointScalar({
    name,
    at,
    hardDirection: 'high',
    requires: { errorNorm },
    value: (resources) => resources.errorNorm,
  });
}
