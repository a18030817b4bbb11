import { shown } from '@vogjs/base';
import { anyOf, atLeast, callable } from '@vogjs/base/options';
import { defineMetric, type OptionsOf, type Position, VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { lastLayerSquaredGradient } from '../shared/last-layer.js';
import { lastLayerOptions } from '../shared/options.js';
import { undefinedScores } from '../shared/over-checkpoints.js';

/** Options of `selfInfluence`. */
export type SelfInfluenceOptions = OptionsOf<typeof selfInfluence>;

/**
 * TracIn's influence of an example on itself, of the last layer: how much one step on it lowers its own loss, summed
 * over checkpoints. High = hard.
 *
 * `selfInfluence = Σ_t lr_t norm2(p - onehot(y))² (1 + norm2(h)²)`, h = the features that the last layer takes. Exact
 * for a linear last layer with a bias; `bias: false` drops the 1. A single sigmoid unit has `(p - y)²` in place of
 * `norm2(p - onehot(y))²`. A sum: it grows with the number of checkpoints.
 *
 * Cost: the forward pass alone. State: N x 4 bytes per window. NaN before the first checkpoint.
 *
 * Source: Pruthi, Liu, Kale & Sundararajan, "Estimating Training Data Influence by Tracing Gradient Descent", NeurIPS
 * 2020, TracInCP.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown option or value; LAYER_UNKNOWN, when training begins, for a model
 * without that layer or without a linear end
 */
export const selfInfluence = defineMetric({
  name: 'self-influence',
  hardDirection: 'high',
  words: {
    title: 'Self-influence (TracIn, last layer)',
    meaning:
      "how much training on the example lowers the example's own loss, summed over checkpoints. Large where the model has to learn the example by heart because nothing else teaches it",
  },
  options: {
    ...lastLayerOptions,
    learningRate: anyOf(atLeast(0), callable<(position: Position) => number>())
      .default(1)
      .about('One learning rate, or a function that gives it where training stands; 1 ranks as any constant does.'),
  },
  requires: (options) => ({ squared: lastLayerSquaredGradient(options) }),
  // A function has no name that a saved state could be held to.
  identity: ({ learningRate }, { squared }) => ({
    gradient: squared.key,
    learningRate: typeof learningRate === 'function' ? 'function' : learningRate,
  }),
  init: ({ size }) => ({ sum: tf.zeros([size]) }),
  update: ({ sum }, { squared }, { position }, { learningRate }) => {
    const rate = typeof learningRate === 'function' ? requireRate(learningRate(position)) : learningRate;
    return { sum: tf.add(sum, tf.mul(squared, rate)) };
  },
  compute: ({ sum }, { checkpoints }) => (checkpoints === 0 ? undefinedScores(sum.shape) : sum),
  merge: (a, b) => ({ sum: tf.add(a.sum, b.sum) }),
});

function requireRate(rate: number): number {
  if (Number.isFinite(rate) && rate >= 0) return rate;
  throw new VogError(
    'ARGUMENT_INVALID',
    `selfInfluence: learningRate must be a finite number of 0 or more, or give one; got ${shown(rate)}.`,
  );
}
