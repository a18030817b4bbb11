import { logits } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { requireFinite } from './rows.js';
import { defineStatistic, type Statistic } from './statistic.js';

/** Mean over the fit set of the largest logit. */
export function meanLargestLogit(): Statistic<number> {
  return defineStatistic({
    name: 'meanLargestLogit',
    requires: { logits },
    begin: () => {
      let [sum, count] = [0, 0];
      return {
        visit: (values) => ({ largest: tf.max(values.logits, 1) }),
        receive: ({ largest }, { start }) => {
          requireFinite(largest!.data, 'The largest logit', start, 1);
          for (const value of largest!.data) sum += value;
          count += largest!.data.length;
        },
        finish: () => sum / count,
      };
    },
  });
}
