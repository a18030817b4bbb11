import { logits } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { featuresAt } from '../../fit-statistics/features.js';
import { defineDetector, type OptionsOfDetector } from '../define-detector.js';
import { layer, temperature } from '../shared/options.js';
import { logProbabilitiesAt } from '../shared/softmax.js';

/** Options of `gradNorm`. */
export type GradNormOptions<Name extends string = string> = OptionsOfDetector<typeof gradNorm, Name>;

/**
 * GradNorm in closed form: `norm1(C p - 1) norm1(f) / T`, the L1 norm of the gradient of
 * `-Σ_c log softmax(A / T)_c`, cross-entropy with a uniform target, with respect to the last layer's kernel; C classes,
 * features f. One forward pass and no backward pass. Low = out-of-distribution.
 *
 * Source: Huang, Geng & Li, "On the Importance of Gradients for Detecting Distributional Shifts in the Wild", NeurIPS
 * 2021, arXiv 2110.00218, eq. 9; scaled by C, as in its code.
 *
 * @throws VogError ARGUMENT_INVALID for a temperature that is not above 0; LAYER_UNKNOWN where the penultimate features
 * are not found
 */
export const gradNorm = defineDetector({
  name: 'grad-norm',
  options: { layer, temperature },
  requires: (options) => ({
    logits,
    logP: logProbabilitiesAt(options.temperature),
    features: featuresAt(options.layer),
  }),
  score: ({ logits: values, logP, features }, _, __, options) => {
    const classes = values.shape[1];
    const distance = tf.sum(tf.abs(tf.sub(tf.mul(tf.exp(logP), classes), 1)), 1);
    return tf.div(tf.mul(distance, tf.sum(tf.abs(features), 1)), options.temperature);
  },
});
