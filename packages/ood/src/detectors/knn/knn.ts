import { integer } from '@vogjs/base/options';
import { VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { featureRows, featuresAt } from '../../fit-statistics/features.js';
import { defineDetector, type OptionsOfDetector } from '../define-detector.js';
import { layer } from '../shared/options.js';

/** Options of `knn`. */
export type KnnOptions<Name extends string = string> = OptionsOfDetector<typeof knn, Name>;

/**
 * Distance to the k-th nearest example of the fit set, negated: Euclidean, between features of length 1; k = 50. Needs
 * no labels. One forward pass and N d multiplications, and the fit set's features (N x d x 4 bytes) in memory.
 * Low = out-of-distribution.
 *
 * Source: Sun et al., "Out-of-Distribution Detection with Deep Nearest Neighbors", ICML 2022, arXiv 2204.06507, eq. 2.
 *
 * @throws VogError ARGUMENT_INVALID for a k that is not a whole number of at least 1; in `fitDetectors` SAMPLE_TOO_SMALL
 * for a k above the number of examples
 */
export const knn = defineDetector({
  name: 'knn',
  options: { layer, k: integer(1).default(50).about("Which neighbour's distance counts.") },
  requires: (options) => ({ features: featuresAt(options.layer) }),
  fit: {
    statistics: (options) => ({ rows: featureRows(options.layer) }),
    finish: ({ rows: { data, shape } }, _, { k }) => {
      const [count, width] = shape;
      if (k > count) {
        throw new VogError(
          'SAMPLE_TOO_SMALL',
          `knn: k = ${k}, but the fit set has ${count} examples. Give more, or a smaller k: knn({ k: ${Math.min(count, 10)} }).`,
        );
      }
      return { bank: { data: unitRows(data, width), shape } };
    },
  },
  score: ({ features }, state, _, { k }) => {
    const rows = normalised(features);
    const bank = state.bank as tf.Tensor2D;
    const { indices } = tf.topk(tf.matMul(rows, bank, false, true), k);
    const last = tf.reshape(tf.slice(indices, [0, k - 1], [-1, 1]), [-1]);
    // From the difference itself: sqrt(2 - 2 cos) has half the digits of float32 for a near neighbour.
    const difference = tf.sub(rows, tf.gather(bank, last));
    return tf.neg(tf.sqrt(tf.sum(tf.square(difference), 1)));
  },
});

/** Rows of length 1; a row of zeros, of features that are all off, stays. */
function normalised(rows: tf.Tensor2D): tf.Tensor2D {
  const lengths = tf.sqrt(tf.sum(tf.square(rows), 1, true));
  return tf.div(rows, tf.maximum(lengths, LEAST_LENGTH));
}

function unitRows(rows: Float32Array, width: number): Float32Array {
  const units = new Float32Array(rows.length);
  for (let start = 0; start < rows.length; start += width) {
    let square = 0;
    for (let j = start; j < start + width; j++) square += rows[j]! * rows[j]!;
    const length = Math.max(Math.sqrt(square), LEAST_LENGTH);
    for (let j = start; j < start + width; j++) units[j] = rows[j]! / length;
  }
  return units;
}

const LEAST_LENGTH = 1e-12;
