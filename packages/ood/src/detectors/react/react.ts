import { fits } from '@vogjs/base/options';
import { quantile } from '@vogjs/statistics';
import * as tf from '@tensorflow/tfjs';
import { featureRows, featuresAt } from '../../fit-statistics/features.js';
import { checkHead, headSample } from '../../fit-statistics/head-sample.js';
import { defineDetector, type OptionsOfDetector } from '../define-detector.js';
import { layer } from '../shared/options.js';

/** Options of `react`. */
export type ReactOptions<Name extends string = string> = OptionsOfDetector<typeof react, Name>;

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
export const react = defineDetector({
  name: 'react',
  options: {
    layer,
    percentile: fits<number>(
      'a number above 0 and at most 100',
      (value) => typeof value === 'number' && value > 0 && value <= 100,
    )
      .default(90)
      .about('Percentile of all features of the fit set at which features are cut off.'),
  },
  requires: (options) => ({ features: featuresAt(options.layer) }),
  fit: {
    statistics: (options) => ({ rows: featureRows(options.layer), sample: headSample(options.layer) }),
    finish: async ({ rows, sample }, context, { percentile }) => {
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
