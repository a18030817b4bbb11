import * as tf from '@tensorflow/tfjs';
import { classScatter } from '../../fit-statistics/class-scatter.js';
import { featuresAt } from '../../fit-statistics/features.js';
import { defineDetector, type OptionsOfDetector } from '../define-detector.js';
import {
  type ClassGaussians,
  classGaussians,
  gaussianOptions,
  squaredDistanceToNearest,
} from '../shared/class-gaussians.js';

/** Options of `mahalanobis` and `relativeMahalanobis`. */
export type MahalanobisOptions<Name extends string = string> = OptionsOfDetector<typeof mahalanobis, Name>;

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
export const mahalanobis = defineDetector({
  name: 'mahalanobis',
  options: gaussianOptions,
  requires: ({ layer }) => ({ features: featuresAt(layer) }),
  fit: {
    statistics: ({ layer }) => ({ scatter: classScatter(layer) }),
    finish: ({ scatter }, _, { floor, name }): ClassGaussians => classGaussians(scatter, floor, name),
  },
  score: ({ features }, state) => tf.neg(squaredDistanceToNearest(features, state)),
});
