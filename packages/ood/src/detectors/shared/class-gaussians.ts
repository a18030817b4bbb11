import { fits } from '@vogjs/base/options';
import * as tf from '@tensorflow/tfjs';
import type { ClassScatter } from '../../fit-statistics/class-scatter.js';
import type { HostArray } from '../../host-array.js';
import { transformRows, whitening } from '../../linear-algebra/whitening.js';
import { layer } from './options.js';

/** Options of the detectors that fit Gaussians. */
export const gaussianOptions = {
  layer,
  floor: fits<number>('a number between 0 and 1', (value) => typeof value === 'number' && value > 0 && value < 1)
    .default(1e-6)
    // The default is about what float32 features resolve.
    .about('Eigenvalues of a covariance below this share of its largest one are raised to it.'),
};

/** A Gaussian for each class, all of one covariance: what `mahalanobis` keeps. */
export type ClassGaussians = {
  /** Mean of all examples: `[d]`. */
  readonly mean: HostArray;
  /** `[d, d]`: the distance is the Euclidean one after `(f - mean) whitening`. */
  readonly whitening: HostArray;
  /** Class means after that: `[classes, d]`. */
  readonly centres: HostArray;
};

/** Class means and shared covariance, ready for `squaredDistanceToNearest`. */
export function classGaussians(scatter: ClassScatter, floor: number, where: string): ClassGaussians {
  const { width, mean, means, classes } = scatter;
  const covariance = scatter.within.map((sum) => sum / scatter.examples);
  const matrix = whitening(covariance, width, floor, where);
  return {
    mean: { data: mean, shape: [width] },
    whitening: { data: matrix, shape: [width, width] },
    centres: { data: transformRows(means, mean, matrix, width), shape: [classes.length, width] },
  };
}

/** `min_c (f - μ_c)' S^-1 (f - μ_c)`: `[size]`. */
export function squaredDistanceToNearest(
  features: tf.Tensor2D,
  { mean, whitening: matrix, centres }: { readonly [Field in keyof ClassGaussians]: tf.Tensor },
): tf.Tensor1D {
  const whitened = tf.matMul(tf.sub(features, mean) as tf.Tensor2D, matrix as tf.Tensor2D);
  const products = tf.matMul(whitened, centres as tf.Tensor2D, false, true);
  // Without the example's own square, which is the same for all classes.
  const nearest = tf.argMin(tf.sub(tf.sum(tf.square(centres), 1), tf.mul(products, 2)), 1);
  // Taken anew as a difference: the expanded form above has lost its digits where the centres lie far out.
  return tf.sum(tf.square(tf.sub(whitened, tf.gather(centres, nearest))), 1);
}
