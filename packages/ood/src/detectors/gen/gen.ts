import { fits, integer } from '@vogjs/base/options';
import { logits } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { defineDetector, type OptionsOfDetector } from '../define-detector.js';
import { isFirstLargest, logProbabilitiesAt, otherMassAt } from '../shared/softmax.js';

/** Options of `gen`. */
export type GenOptions<Name extends string = string> = OptionsOfDetector<typeof gen, Name>;

/**
 * Generalised entropy: `-Σ over the M largest p of p^g (1 - p)^g`, g = 0.1, M = 100. One forward pass.
 * Low = out-of-distribution.
 *
 * Source: Liu, Lochman & Zach, "GEN: Pushing the Limits of Softmax-Based Out-of-Distribution Detection", CVPR 2023, eq. 4.
 *
 * @throws VogError ARGUMENT_INVALID for gamma outside (0, 1) or a top that is not a whole number of at least 1
 */
export const gen = defineDetector({
  name: 'gen',
  options: {
    gamma: fits<number>('a number above 0 and below 1', (value) => typeof value === 'number' && value > 0 && value < 1)
      .default(0.1)
      .about('Exponent g of p (1 - p).'),
    top: integer(1).default(100).about('How many of the largest probabilities count; all where there are fewer.'),
  },
  requires: () => ({ logits, mass: otherMassAt(1), logP: logProbabilitiesAt(1) }),
  score: ({ logits: values, mass, logP }, _, __, { gamma, top }) => {
    // log(1 - p). Of the largest p it is log(mass / (1 + mass)): 1 - p itself has no digit left next to p = 1.
    const ofLargest = tf.expandDims(tf.sub(tf.log(mass), tf.log1p(mass)), 1);
    const ofOthers = tf.log1p(tf.neg(tf.exp(logP)));
    const logRest = tf.where(isFirstLargest(values), tf.broadcastTo(ofLargest, logP.shape), ofOthers);
    const terms = tf.exp(tf.mul(gamma, tf.add(logP, logRest)));
    const count = values.shape[1];
    if (count <= top) return tf.neg(tf.sum(terms, 1));
    // The terms of the M largest probabilities are not always the M largest terms: chosen by probability.
    const { indices } = tf.topk(logP, top);
    const chosen = tf.gather(tf.reshape(terms, [-1]), tf.reshape(rowOffsets(indices, count), [-1]));
    return tf.neg(tf.sum(tf.reshape(chosen, indices.shape), 1));
  },
});

/** Positions in the flattened rows of `width` of the columns that each row of `indices` names: int32. */
function rowOffsets(indices: tf.Tensor, width: number): tf.Tensor {
  const [rows = 0] = indices.shape;
  const starts = tf.tensor2d(
    Int32Array.from({ length: rows }, (_, row) => row * width),
    [rows, 1],
    'int32',
  );
  return tf.add(indices, starts);
}
