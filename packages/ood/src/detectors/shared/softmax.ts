import { defineResource, logits, type Resource } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';

// A confident network puts all but 1e-9 of its probability on one class. 1 - p, and log p of the first class, then have
// no digit left in float32, and thousands of examples would tie at 1. What the *other* classes hold has all its digits.

/** `A / T - max(A / T)`: `[size, classes]`, at most 0. */
export function shiftedLogits(values: tf.Tensor2D, temperature: number): tf.Tensor2D {
  const shifted = tf.sub(values, tf.max(values, 1, true));
  return (temperature === 1 ? shifted : tf.div(shifted, temperature)) as tf.Tensor2D;
}

/** 1 at the first of the largest entries of each row, 0 elsewhere: `[size, classes]`, bool. */
export function isFirstLargest(values: tf.Tensor2D): tf.Tensor2D {
  const [size, classes] = values.shape;
  const largest = tf.reshape(tf.argMax(values, 1), [size, 1]);
  return tf.equal(
    largest,
    tf.tensor2d(
      Int32Array.from({ length: classes }, (_, c) => c),
      [1, classes],
      'int32',
    ),
  );
}

/**
 * `Σ over the other classes of exp((A_c - max A) / T)`: `[size]`, from 0. The largest probability is 1 / (1 + this).
 */
export function otherMass(values: tf.Tensor2D, temperature: number): tf.Tensor1D {
  const masses = tf.exp(shiftedLogits(values, temperature));
  return tf.sum(tf.where(isFirstLargest(values), tf.zerosLike(masses), masses), 1);
}

/** 1 / (1 + mass), for the step on the host. */
export function probabilityOfMass(mass: number): number {
  return 1 / (1 + mass);
}

/** The resource `otherMass` of the chunk's logits at temperature T. */
export function otherMassAt(temperature: number): Resource<tf.Tensor1D> {
  return defineResource({
    name: 'ood.otherMass',
    parameters: { temperature },
    requires: { logits },
    compute: (values) => otherMass(values.logits, temperature),
  });
}

/** log softmax(A / T), exact also where a probability is next to 1: `[size, classes]`. */
export function logProbabilitiesAt(temperature: number): Resource<tf.Tensor2D> {
  return defineResource({
    name: 'ood.logProbabilities',
    parameters: { temperature },
    requires: { logits, mass: otherMassAt(temperature) },
    compute: (values) =>
      tf.sub<tf.Tensor2D>(shiftedLogits(values.logits, temperature), tf.expandDims(tf.log1p(values.mass), 1)),
  });
}
