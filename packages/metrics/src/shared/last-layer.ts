import { defineResource, type Resource } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { lastFeatures } from './options.js';
import { errorNorm } from './resources.js';

/**
 * `norm2(p - onehot(y))² (b + norm2(h)²)`: the squared length of the gradient of an example's loss with respect to the
 * weights W and, with b = 1, the bias of a linear last layer `A = W h + bias`, without a backward pass. That gradient is
 * the outer product of `p - onehot(y)` and `(h, b)`. `[size]`
 *
 * A single sigmoid unit z has one weight vector, not two: its gradient is `(p - y) (h, b)`, of half that squared length.
 */
export function lastLayerSquaredGradient(options: {
  readonly layer?: string;
  readonly bias: boolean;
}): Resource<tf.Tensor1D> {
  const h = lastFeatures(options);
  const unit = options.bias ? 1 : 0;
  return defineResource({
    name: 'lastLayerSquaredGradient',
    parameters: { features: h.key, bias: unit },
    requires: { errorNorm, h },
    compute: (values, { size, isPair }) => {
      const squaredLength = tf.sum(tf.square(tf.reshape(values.h, [size, -1])), 1);
      const squaredError = tf.square(values.errorNorm);
      // Of the pair that stands for one unit both entries are the unit's own error, one with its sign turned.
      const ofUnits = isPair ? tf.div(squaredError, 2) : squaredError;
      return tf.mul<tf.Tensor1D>(ofUnits, tf.add(squaredLength, unit));
    },
  });
}
