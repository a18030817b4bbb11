import * as tf from '@tensorflow/tfjs';
import { whitening } from '../../linear-algebra/whitening.js';
import { classScatter } from '../../fit-statistics/class-scatter.js';
import { featuresAt } from '../../fit-statistics/features.js';
import { type Detector, defineDetector } from '../detector.js';
import { checked, type MahalanobisOptions } from '../mahalanobis/mahalanobis.js';
import { classGaussians, squaredDistanceToNearest } from '../shared/class-gaussians.js';

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
export function relativeMahalanobis<const Name extends string = 'relative-mahalanobis'>(
  options: MahalanobisOptions<Name> = {},
): Detector<Name> {
  const { name = 'relative-mahalanobis' as Name, layer, floor } = checked('relativeMahalanobis', options);
  return defineDetector({
    name,
    requires: { features: featuresAt(layer) },
    options: { layer: layer ?? null, floor },
    fit: {
      statistics: { scatter: classScatter(layer) },
      finish: ({ scatter }) => {
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
}
