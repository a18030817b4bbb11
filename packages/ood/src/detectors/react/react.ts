import { quantile } from '@vogjs/statistics';
import * as tf from '@tensorflow/tfjs';
import { featureRows, featuresAt } from '../../fit-statistics/features.js';
import { checkHead, headSample } from '../../fit-statistics/head-sample.js';
import { type Detector, defineDetector } from '../detector.js';
import { checkOptions, invalid, type LayerOption, type NameOption } from '../shared/options.js';

/** Options of `react`. */
export interface ReactOptions<Name extends string = string> extends NameOption<Name>, LayerOption {
  /** Percentile of all features of the fit set at which features are cut off, in (0, 100]. Default 90. */
  readonly percentile?: number;
}

/**
 * ReAct: the energy of the logits after the features are cut off, `logsumexp(W min(f, c) + b)`, c = the 90th percentile
 * of all features of the fit set. Needs no labels; the model must end in a linear layer. One forward pass.
 * Low = out-of-distribution.
 *
 * Source: Sun, Guo & Li, "ReAct: Out-of-distribution Detection With Rectified Activations", NeurIPS 2021,
 * arXiv 2111.12797, section 3.
 *
 * @throws VogError ARGUMENT_INVALID for a percentile outside (0, 100]; in `fitDetectors` HEAD_NOT_LINEAR
 */
export function react<const Name extends string = 'react'>(options: ReactOptions<Name> = {}): Detector<Name> {
  checkOptions('react', options, ['layer', 'percentile']);
  const { name = 'react' as Name, layer, percentile = 90 } = options;
  if (typeof percentile !== 'number' || !(percentile > 0 && percentile <= 100)) {
    throw invalid('react', 'percentile', 'a number above 0 and at most 100', percentile);
  }
  return defineDetector({
    name,
    requires: { features: featuresAt(layer) },
    options: { layer: layer ?? null, percentile },
    fit: {
      statistics: { rows: featureRows(layer), sample: headSample(layer) },
      finish: async ({ rows, sample }, context) => {
        const head = await context.head();
        checkHead('react', sample, head);
        const threshold = quantile(rows.data, percentile / 100);
        return { ...head, threshold: { data: Float64Array.of(threshold), shape: [] } };
      },
    },
    score: ({ features }, { kernel, bias, threshold }) => {
      const cut = tf.minimum(features, threshold) as tf.Tensor2D;
      return tf.logSumExp(tf.add(tf.matMul(cut, kernel as tf.Tensor2D), bias), 1);
    },
  });
}
