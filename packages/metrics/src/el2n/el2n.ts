import { defineMetric, type OptionsOf } from '@vogjs/core';
import { at } from '../shared/options.js';
import { overCheckpoints } from '../shared/over-checkpoints.js';
import { errorNorm } from '../shared/resources.js';

/** Options of `el2n`. */
export type El2nOptions = OptionsOf<typeof el2n>;

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
export const el2n = defineMetric({
  name: 'el2n',
  hardDirection: 'high',
  words: {
    title: 'Error norm (EL2N)',
    meaning:
      'the length of the difference between the predicted probabilities and the given label, averaged over training. 0 for an example predicted surely and rightly, up to 1.41 for one predicted surely as another class',
  },
  options: { at },
  requires: () => ({ value: errorNorm }),
  ...overCheckpoints(),
});
