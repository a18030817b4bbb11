import { defineResource, logits, type Resource } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { otherMassAt } from './softmax.js';

/** `T log Σ exp(A / T)`: `[size]`. */
export function energyAt(temperature: number): Resource<tf.Tensor1D> {
  return defineResource({
    name: 'ood.energy',
    parameters: { temperature },
    requires: { logits, mass: otherMassAt(temperature) },
    compute: (values) => tf.add<tf.Tensor1D>(tf.max(values.logits, 1), tf.mul(temperature, tf.log1p(values.mass))),
  });
}
