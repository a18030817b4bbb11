import {
  defineResource,
  labels,
  logProbabilities,
  logits,
  oneHotLabels,
  predictions,
  probabilities,
} from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';

// Values that metrics share, each computed once a chunk. No difference 1 - p is ever taken: for a confident example it
// would have no digit left in float32. What is left of p_y is the sum of the others.

/** True at the given label: `[size, classes]`, bool. */
const isLabel = defineResource({
  name: 'isLabel',
  requires: { oneHotLabels },
  compute: (values) => tf.greater<tf.Tensor2D>(values.oneHotLabels, 0),
});

/** Probabilities with 0 in place of the given label's: `[size, classes]`. */
const otherProbabilities = defineResource({
  name: 'otherProbabilities',
  requires: { probabilities, isLabel },
  compute: (values) => tf.where(values.isLabel, tf.zerosLike(values.probabilities), values.probabilities),
});

/** Probability of the given label, p_y: `[size]`. */
export const labelProbability = defineResource({
  name: 'labelProbability',
  requires: { probabilities, oneHotLabels },
  compute: (values) => tf.sum<tf.Tensor1D>(tf.mul(values.probabilities, values.oneHotLabels), 1),
});

/** Probability of all labels but the given one, 1 - p_y: `[size]`. */
export const otherProbability = defineResource({
  name: 'otherProbability',
  requires: { otherProbabilities },
  compute: (values) => tf.sum<tf.Tensor1D>(values.otherProbabilities, 1),
});

/** p_y minus the largest other probability: `[size]`, in [-1, 1]. */
export const probabilityMargin = defineResource({
  name: 'probabilityMargin',
  requires: { labelProbability, otherProbabilities },
  compute: (values) => tf.sub<tf.Tensor1D>(values.labelProbability, tf.max(values.otherProbabilities, 1)),
});

/** A_y minus the largest other logit: `[size]`. */
export const logitMargin = defineResource({
  name: 'logitMargin',
  requires: { logits, isLabel },
  compute: (values) => {
    // Not a product with the one-hot label: 0 times a logit of minus infinity is NaN.
    const ofLabel = tf.sum(tf.where(values.isLabel, values.logits, tf.zerosLike(values.logits)), 1);
    const others = tf.where(values.isLabel, tf.fill(values.logits.shape, Number.NEGATIVE_INFINITY), values.logits);
    return tf.sub<tf.Tensor1D>(ofLabel, tf.max(others, 1));
  },
});

/** `norm2(p - onehot(y))`, the length of the loss's gradient with respect to the logits: `[size]`, in [0, √2]. */
export const errorNorm = defineResource({
  name: 'errorNorm',
  requires: { otherProbabilities, otherProbability },
  compute: (values) => {
    const others = tf.sum(tf.square(values.otherProbabilities), 1);
    return tf.sqrt<tf.Tensor1D>(tf.add(others, tf.square(values.otherProbability)));
  },
});

/** `-Σ p log p`: `[size]`, nats; a probability of exactly 0 adds 0. */
export const predictiveEntropy = defineResource({
  name: 'predictiveEntropy',
  requires: { probabilities, logProbabilities },
  compute: ({ probabilities: p, logProbabilities: logP }) => {
    // The logarithm is finite unless a logit is minus infinity, and there 0 times it would be NaN.
    const terms = tf.where(tf.greater(p, 0), tf.mul(p, logP), tf.zerosLike(p));
    return tf.neg<tf.Tensor1D>(tf.sum(terms, 1));
  },
});

/** `-log Σ exp A`, the free energy of Liu et al. 2020 at T = 1: `[size]`. */
export const freeEnergy = defineResource({
  name: 'freeEnergy',
  requires: { logits },
  tasks: ['classification', 'binary'],
  compute: (values) => tf.neg<tf.Tensor1D>(tf.logSumExp(values.logits, 1)),
});

/** 1 where the largest logit (the first of several equal ones) is the given label's, else 0: `[size]`, float32. */
export const isCorrect = defineResource({
  name: 'isCorrect',
  requires: { predictions, labels },
  compute: (values, { size }) => {
    const hit = tf.equal(values.predictions, values.labels);
    // Not a cast: its result keeps integer storage on webgpu.
    return tf.where<tf.Tensor1D>(hit, tf.ones([size]), tf.zeros([size]));
  },
});
