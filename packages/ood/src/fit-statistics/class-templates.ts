import type { Resource } from '@vogjs/core';
import type * as tf from '@tensorflow/tfjs';
import { requireFinite } from './rows.js';
import { defineStatistic, type Statistic } from './statistic.js';

/** Mean predictions. */
export interface ClassTemplates {
  /** Classes that were predicted at all, ascending: `[M]`. */
  readonly classes: Int32Array;
  /** log of the mean probabilities of the examples predicted so: `[M, C]`. */
  readonly logarithms: Float64Array;
  /** C */
  readonly width: number;
}

/** Mean of the probabilities of the examples predicted as each class. */
export function classTemplates(logProbabilities: Resource<tf.Tensor2D>): Statistic<ClassTemplates> {
  return defineStatistic({
    name: 'classTemplates',
    parameters: { logProbabilities: logProbabilities.key },
    requires: { logProbabilities },
    begin: () => {
      const sums = new Map<number, { count: number; sum: Float64Array }>();
      let width = 0;
      return {
        visit: (values) => values,
        receive: ({ logProbabilities: chunk }, { start, size }) => {
          const { data } = chunk!;
          width = data.length / size;
          requireFinite(data, 'A logarithm of a probability', start, width);
          for (let i = 0; i < size; i++) {
            const row = data.subarray(i * width, (i + 1) * width);
            const predicted = indexOfLargest(row);
            const entry = sums.get(predicted) ?? { count: 0, sum: new Float64Array(width) };
            entry.count += 1;
            // In float64, whose exponential ends at -745: no template is 0 where float32 alone would make it so.
            for (let c = 0; c < width; c++) entry.sum[c]! += Math.exp(row[c]!);
            sums.set(predicted, entry);
          }
        },
        finish: () => {
          const classes = Int32Array.from(sums.keys()).sort();
          const logarithms = new Float64Array(classes.length * width);
          for (const [row, label] of classes.entries()) {
            const { count, sum } = sums.get(label)!;
            for (let c = 0; c < width; c++)
              logarithms[row * width + c] = Math.log(Math.max(sum[c]! / count, Number.MIN_VALUE));
          }
          return { classes, logarithms, width };
        },
      };
    },
  });
}

function indexOfLargest(row: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i;
  return best;
}
