import * as tf from '@tensorflow/tfjs';
import { transformRows, whitening } from '../linear-algebra/whitening.js';
import { type ClassScatter, classScatter } from '../statistics/class-scatter.js';
import { featuresAt } from '../statistics/features.js';
import { type Detector, defineDetector } from './detector.js';
import type { HostArray } from '../host-array.js';
import { checkOptions, invalid, type LayerOption, type NameOption } from './options.js';

/** Options of `mahalanobis` and `relativeMahalanobis`. */
export interface MahalanobisOptions<Name extends string = string> extends NameOption<Name>, LayerOption {
  /**
   * Eigenvalues of a covariance matrix below this share of its largest one are raised to it. Default 1e-6, about what
   * float32 features resolve.
   */
  readonly floor?: number;
}

/** A Gaussian for each class, all of one covariance: what `mahalanobis` keeps. */
export type ClassGaussians = {
  /** Mean of all examples: `[d]`. */
  readonly mean: HostArray;
  /** `[d, d]`: the distance is the Euclidean one after `(f - mean) whitening`. */
  readonly whitening: HostArray;
  /** Class means after that: `[classes, d]`. */
  readonly centres: HostArray;
};

/**
 * Mahalanobis distance to the nearest class: `-min_c (f - μ_c)' S^-1 (f - μ_c)`, with class means μ_c and one covariance
 * S (divided by n) of the labelled fit set. One forward pass and C d² multiplications. Low = out-of-distribution.
 *
 * Source: Lee et al., "A Simple Unified Framework for Detecting Out-of-Distribution Samples and Adversarial Attacks",
 * NeurIPS 2018, arXiv 1807.03888, eq. 1 and 2; one layer, no disturbance of the input.
 *
 * @throws VogError ARGUMENT_INVALID for a floor outside (0, 1); in `fitDetectors` LABEL_INVALID without labels,
 * SAMPLE_TOO_SMALL for one class only or features that do not vary
 */
export function mahalanobis<const Name extends string = 'mahalanobis'>(
  options: MahalanobisOptions<Name> = {},
): Detector<Name> {
  const { name = 'mahalanobis' as Name, layer, floor } = checked('mahalanobis', options);
  return defineDetector({
    name,
    requires: { features: featuresAt(layer) },
    options: { layer: layer ?? null, floor },
    fit: {
      statistics: { scatter: classScatter(layer) },
      finish: ({ scatter }): ClassGaussians => classGaussians(scatter, floor, name),
    },
    score: ({ features }, state) => tf.neg(squaredDistanceToNearest(features, state)),
  });
}

/** Checks the options of both detectors and fills in the floor. */
export function checked<Name extends string>(
  where: string,
  options: MahalanobisOptions<Name>,
): MahalanobisOptions<Name> & { readonly floor: number } {
  checkOptions(where, options, ['layer', 'floor']);
  const { floor = 1e-6 } = options;
  if (!(floor > 0 && floor < 1)) throw invalid(where, 'floor', 'a number between 0 and 1', floor);
  return { ...options, floor };
}

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
