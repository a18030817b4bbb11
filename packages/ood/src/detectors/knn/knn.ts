import { VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { featureRows, featuresAt } from '../../fit-statistics/features.js';
import { type Detector, defineDetector } from '../detector.js';
import { checkCount, checkOptions, type LayerOption, type NameOption } from '../shared/options.js';

/** Options of `knn`. */
export interface KnnOptions<Name extends string = string> extends NameOption<Name>, LayerOption {
  /** Which neighbour's distance counts. Default 50. */
  readonly k?: number;
}

/**
 * Distance to the k-th nearest example of the fit set, negated: Euclidean, between features of length 1; k = 50. Needs
 * no labels. One forward pass and N d multiplications, and the fit set's features (N x d x 4 bytes) in memory.
 * Low = out-of-distribution.
 *
 * Source: Sun et al., "Out-of-Distribution Detection with Deep Nearest Neighbors", ICML 2022, arXiv 2204.06507, eq. 2.
 *
 * @throws VogError ARGUMENT_INVALID for a k that is no whole number of at least 1; in `fitDetectors` SAMPLE_TOO_SMALL
 * for a k above the number of examples
 */
export function knn<const Name extends string = 'knn'>(options: KnnOptions<Name> = {}): Detector<Name> {
  checkOptions('knn', options, ['layer', 'k']);
  const { name = 'knn' as Name, layer, k = 50 } = options;
  checkCount('knn', 'k', k);
  return defineDetector({
    name,
    requires: { features: featuresAt(layer) },
    options: { layer: layer ?? null, k },
    fit: {
      statistics: { rows: featureRows(layer) },
      finish: ({ rows: { data, shape } }) => {
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
    score: ({ features }, state) => {
      const rows = normalised(features);
      const bank = state.bank as tf.Tensor2D;
      const { indices } = tf.topk(tf.matMul(rows, bank, false, true), k);
      const last = tf.reshape(tf.slice(indices, [0, k - 1], [-1, 1]), [-1]);
      // From the difference itself: sqrt(2 - 2 cos) has half the digits of float32 for a near neighbour.
      const difference = tf.sub(rows, tf.gather(bank, last));
      return tf.neg(tf.sqrt(tf.sum(tf.square(difference), 1)));
    },
  });
}

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
