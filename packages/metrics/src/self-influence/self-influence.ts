import { defineMetric, type Metric, type Position } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { undefinedScores } from '../shared/checkpoint-scalar.js';
import { lastLayerSquaredGradient, refuseUnknownLastLayerKeys } from '../shared/last-layer.js';
import { invalidOption, type LastLayerOptions, type NameOption } from '../shared/options.js';

/** Options of `selfInfluence`. */
export interface SelfInfluenceOptions extends NameOption, LastLayerOptions {
  /**
   * The learning rate: one number, or what it was where training stands. Default 1, which ranks as any constant rate
   * does.
   */
  readonly learningRate?: number | ((position: Position) => number);
}

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
export function selfInfluence(options: SelfInfluenceOptions = {}): Metric {
  refuseUnknownLastLayerKeys('selfInfluence', options, ['learningRate']);
  const { name = 'self-influence', learningRate = 1 } = options;
  if (typeof learningRate !== 'function') requireRate(learningRate);
  const squared = lastLayerSquaredGradient('selfInfluence', options);
  return defineMetric({
    name,
    hardDirection: 'high',
    requires: { squared },
    options: {
      gradient: squared.key,
      // A function has no name that a saved state could be held to.
      learningRate: typeof learningRate === 'function' ? 'function' : learningRate,
    },
    init: ({ size }) => ({ sum: tf.zeros([size]) }),
    update: ({ sum }, resources, { position }) => {
      const rate = typeof learningRate === 'function' ? requireRate(learningRate(position)) : learningRate;
      return { sum: tf.add(sum, tf.mul(resources.squared, rate)) };
    },
    compute: ({ sum }, { checkpoints }) => (checkpoints === 0 ? undefinedScores(sum.shape) : sum),
    merge: (a, b) => ({ sum: tf.add(a.sum, b.sum) }),
  });
}

function requireRate(rate: number): number {
  if (Number.isFinite(rate) && rate >= 0) return rate;
  throw invalidOption('selfInfluence', 'learningRate', 'a finite number of 0 or more, or give one', rate);
}
