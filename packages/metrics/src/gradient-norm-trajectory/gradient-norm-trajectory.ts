import { defineMetric, gradientOptions, inputGradient, type OptionsOf } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { foldOf } from '../shared/over-checkpoints.js';

/** Options of `gradientNormTrajectory`. */
export type GradientNormTrajectoryOptions = OptionsOf<typeof gradientNormTrajectory>;

/**
 * The length of an example's input gradient, averaged over training. High = hard.
 *
 * `gradientNormTrajectory = (1/K) Σ_t norm2(∂loss/∂x at checkpoint t)`, over all pixels and channels. Of the same length
 * `csg` sums the squares, and `grand` takes it with respect to the weights of the last layer.
 *
 * Cost: nothing beside a `csg` or `vog` with the same `activation`, `label` and `input`, whose gradient it shares;
 * otherwise one backward pass of its own. State: N x 4 bytes per window. NaN before the first checkpoint.
 *
 * Source: the term at each checkpoint of Ravikumar, Soufleri & Roy, "Towards Memorization Estimation: Fast, Formal and
 * Free", 2024. It is averaged as GraNd is in Paul, Ganguli & Dziugaite, "Deep Learning on a Data Diet", NeurIPS 2021.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option or value
 */
export const gradientNormTrajectory = defineMetric({
  name: 'gradient-norm-trajectory',
  hardDirection: 'high',
  words: {
    title: 'Gradient norm over training',
    meaning:
      "the length of the loss's gradient with respect to the input, averaged over training. Large where small changes of the input kept changing the loss",
  },
  options: { ...gradientOptions, activation: gradientOptions.activation.default('loss') },
  requires: ({ name: _, ...options }) => ({ gradient: inputGradient(options) }),
  identity: (_, { gradient }) => ({ gradient: gradient.key }),
  init: ({ size }, options) => foldOf(options).init([size]),
  update: (state, { gradient }, { size }, options) =>
    foldOf(options).update(state, tf.sqrt(tf.sum(tf.square(tf.reshape(gradient, [size, -1])), 1))),
  compute: (state, { checkpoints }, options) => foldOf(options).compute(state, checkpoints),
  merge: (a, b, options) => foldOf(options).merge(a, b),
});
