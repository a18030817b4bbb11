import * as tf from '@tensorflow/tfjs';
import { classScatter } from '../../fit-statistics/class-scatter.js';
import { featuresAt } from '../../fit-statistics/features.js';
import { whitening } from '../../linear-algebra/whitening.js';
import { defineDetector } from '../define-detector.js';
import { classGaussians, gaussianOptions, squaredDistanceToNearest } from '../shared/class-gaussians.js';

/**
 * Relative Mahalanobis distance: `max_c -(MD_c - MD_0)`, MD_0 the distance to the one Gaussian of all examples, with
 * their mean and covariance (divided by n). Takes out the directions in which everything varies. One forward pass.
 * Low = out-of-distribution.
 *
 * Source: Ren et al., "A Simple Fix to Mahalanobis Distance for Improving Near-OOD Detection", 2021, arXiv 2106.09022,
 * section 3.
 *
 * @throws VogError as `mahalanobis`
 */
export const relativeMahalanobis = defineDetector({
  name: 'relative-mahalanobis',
  options: gaussianOptions,
  requires: ({ layer }) => ({ features: featuresAt(layer) }),
  fit: {
    statistics: ({ layer }) => ({ scatter: classScatter(layer) }),
    finish: ({ scatter }, _, { floor, name }) => {
      const { width, examples } = scatter;
      const covariance = scatter.total.map((sum) => sum / examples);
      const background = whitening(covariance, width, floor, name);
      return {
        ...classGaussians(scatter, floor, name),
        background: { data: background, shape: [width, width] },
      };
    },
  },
  score: ({ features }, state) => {
    const centred = tf.sub(features, state.mean) as tf.Tensor2D;
    const toAll = tf.sum(tf.square(tf.matMul(centred, state.background as tf.Tensor2D)), 1);
    return tf.sub(toAll, squaredDistanceToNearest(features, state));
  },
});
