import * as tf from '@tensorflow/tfjs';
import { classScatter } from '../../fit-statistics/class-scatter.js';
import { featuresAt } from '../../fit-statistics/features.js';
import { type Detector, defineDetector } from '../detector.js';
import { type ClassGaussians, classGaussians, squaredDistanceToNearest } from '../shared/class-gaussians.js';
import { checkOptions, invalid, type LayerOption, type NameOption } from '../shared/options.js';

/** Options of `mahalanobis` and `relativeMahalanobis`. */
export interface MahalanobisOptions<Name extends string = string> extends NameOption<Name>, LayerOption {
  /**
   * Eigenvalues of a covariance matrix below this share of its largest one are raised to it. Default 1e-6, about what
   * float32 features resolve.
   */
  readonly floor?: number;
}

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
