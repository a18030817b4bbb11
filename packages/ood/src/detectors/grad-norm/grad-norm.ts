import { logits } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { featuresAt } from '../../fit-statistics/features.js';
import { type Detector, defineDetector } from '../detector.js';
import {
  checkAbove,
  checkOptions,
  type LayerOption,
  type NameOption,
  type TemperatureOption,
} from '../shared/options.js';
import { logProbabilitiesAt } from '../shared/softmax.js';

/** Options of `gradNorm`. */
export interface GradNormOptions<Name extends string = string>
  extends NameOption<Name>, LayerOption, TemperatureOption {}

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
export function gradNorm<const Name extends string = 'grad-norm'>(options: GradNormOptions<Name> = {}): Detector<Name> {
  checkOptions('gradNorm', options, ['layer', 'temperature']);
  const { name = 'grad-norm' as Name, layer, temperature = 1 } = options;
  checkAbove('gradNorm', 'temperature', temperature, 0);
  return defineDetector({
    name,
    requires: { logits, logP: logProbabilitiesAt(temperature), features: featuresAt(layer) },
    options: { layer: layer ?? null, temperature },
    score: ({ logits: values, logP, features }) => {
      const classes = values.shape[1];
      const distance = tf.sum(tf.abs(tf.sub(tf.mul(tf.exp(logP), classes), 1)), 1);
      return tf.div(tf.mul(distance, tf.sum(tf.abs(features), 1)), temperature);
    },
  });
}
