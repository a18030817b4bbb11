import { defineMetric, type OptionsOf } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { lastLayerSquaredGradient } from '../shared/last-layer.js';
import { at, lastLayerOptions } from '../shared/options.js';
import { foldOf } from '../shared/over-checkpoints.js';

/** Options of `grand`. */
export type GrandOptions = OptionsOf<typeof grand>;

/**
 * GraNd of the last layer: the length of the gradient of an example's loss with respect to the last layer's weights.
 * High = hard.
 *
 * `GraNd = mean over checkpoints of norm2(p - onehot(y)) sqrt(1 + norm2(h)²)`, h = the features that the last layer
 * takes. Exact for a linear last layer with a bias; `bias: false` drops the 1. A single sigmoid unit has `|p - y|` in
 * place of `norm2(p - onehot(y))`.
 *
 * Cost: the forward pass alone. State: N x 4 bytes per window. NaN before the first checkpoint.
 *
 * Source: Paul, Ganguli & Dziugaite, "Deep Learning on a Data Diet", NeurIPS 2021, definition 2.1; its last layer only
 * and in closed form, as DeepCore (Guo, Zhao & Bai, 2022) takes it.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option or value; LAYER_UNKNOWN, when training begins, for a model
 * without that layer or without a linear end
 */
export const grand = defineMetric({
  name: 'grand',
  hardDirection: 'high',
  words: {
    title: 'Gradient norm (GraNd, last layer)',
    meaning:
      "the length of the loss's gradient with respect to the weights of the last layer: how hard the example pulls at the model. It grows with the error and with the strength of the example's features",
  },
  options: { at, ...lastLayerOptions },
  requires: (options) => ({ squared: lastLayerSquaredGradient(options) }),
  identity: (options, { squared }) => ({ gradient: squared.key, at: options.at }),
  init: ({ size }, options) => foldOf(options).init([size]),
  update: (state, { squared }, _, options) => foldOf(options).update(state, tf.sqrt(squared)),
  compute: (state, { checkpoints }, options) => foldOf(options).compute(state, checkpoints),
  merge: (a, b, options) => foldOf(options).merge(a, b),
});
