import { defineMetric, type OptionsOf } from '@vogjs/core';
import { at } from '../shared/options.js';
import { overCheckpoints } from '../shared/over-checkpoints.js';
import { probabilityMargin } from '../shared/resources.js';

/** Options of `margin`. */
export type MarginOptions = OptionsOf<typeof margin>;

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
export const margin = defineMetric({
  name: 'margin',
  hardDirection: 'low',
  words: {
    title: 'Margin of probabilities',
    meaning:
      'how far the probability of the given label stood above the largest other one, averaged over training. From −1, surely another class, to 1, surely the given one',
  },
  options: { at },
  requires: () => ({ value: probabilityMargin }),
  ...overCheckpoints(),
});
