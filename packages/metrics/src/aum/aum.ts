import { defineMetric, type OptionsOf } from '@vogjs/core';
import { overCheckpoints } from '../shared/over-checkpoints.js';
import { logitMargin } from '../shared/resources.js';

/** Options of `aum`. */
export type AumOptions = OptionsOf<typeof aum>;

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
export const aum = defineMetric({
  name: 'aum',
  hardDirection: 'low',
  words: {
    title: 'Area under the margin (AUM)',
    meaning:
      'how far the logit of the given label stood above the largest other one, averaged over training. Negative where the model kept preferring another class: made for finding wrong labels',
  },
  requires: () => ({ value: logitMargin }),
  // What a state of the mean over checkpoints has said from the first release on.
  identity: () => ({ at: 'mean' }),
  ...overCheckpoints(),
});
