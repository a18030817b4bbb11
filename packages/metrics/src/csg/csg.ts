import { defineMetric, gradientOptions, inputGradient, type OptionsOf } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { undefinedScores } from '../shared/over-checkpoints.js';

/** Options of `csg`. */
export type CsgOptions = OptionsOf<typeof csg>;

/**
 * Cumulative sample gradient: the squared length of an example's input gradient, summed over checkpoints. High = hard.
 *
 * `CSG = Σ_t norm2(∂loss/∂x at checkpoint t)²`, over all pixels and channels. It equals `Σ_pixels (M2 + K mean²)` of the
 * running moments that `vog({ activation: 'loss', channels: 'separate' })` keeps, and needs none of them.
 *
 * Cost: nothing beside a `vog` with the same `activation`, `label` and `input`, whose gradient it shares; otherwise one
 * backward pass of its own. The default activation is `'loss'`, the paper's; beside a default `vog()`, `'softmax'` is the
 * one that shares. State: N x 4 bytes per window. NaN before the first checkpoint.
 *
 * Source: Ravikumar, Soufleri & Roy, "Towards Memorization Estimation: Fast, Formal and Free", 2024.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option or value
 */
export const csg = defineMetric({
  name: 'csg',
  hardDirection: 'high',
  words: {
    title: 'Cumulative sample gradient (CSG)',
    meaning:
      "the squared length of the loss's gradient with respect to the input, summed over training. Large where small changes of the input kept changing the loss: the example lies where the model is steep",
  },
  options: { ...gradientOptions, activation: gradientOptions.activation.default('loss') },
  requires: ({ name: _, ...options }) => ({ gradient: inputGradient(options) }),
  identity: (_, { gradient }) => ({ gradient: gradient.key }),
  init: ({ size }) => ({ sum: tf.zeros([size]) }),
  update: ({ sum }, { gradient }, { size }) => ({
    sum: tf.add(sum, tf.sum(tf.square(tf.reshape(gradient, [size, -1])), 1)),
  }),
  compute: ({ sum }, { checkpoints }) => (checkpoints === 0 ? undefinedScores(sum.shape) : sum),
  merge: (a, b) => ({ sum: tf.add(a.sum, b.sum) }),
});
