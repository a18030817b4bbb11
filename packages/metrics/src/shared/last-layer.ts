import { defineResource, type Resource, refuseUnknownKeys } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { lastFeatures, type LastLayerOptions } from './options.js';
import { errorNorm } from './resources.js';

/**
 * `norm2(p - onehot(y))² (b + norm2(h)²)`: the squared length of the gradient of an example's loss with respect to the
 * weights W and, with b = 1, the bias of a linear last layer `A = W h + bias`, without a backward pass. That gradient is
 * the outer product of `p - onehot(y)` and `(h, b)`. `[size]`
 *
 * A single sigmoid unit z has one weight vector, not two: its gradient is `(p - y) (h, b)`, of half that squared length.
 */
export function lastLayerSquaredGradient(where: string, options: LastLayerOptions): Resource<tf.Tensor1D> {
  const h = lastFeatures(where, options);
  const unit = options.bias === false ? 0 : 1;
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

/** Refuses options that a metric of the last layer does not have. */
export function refuseUnknownLastLayerKeys(where: string, options: object, more: readonly string[]): void {
  refuseUnknownKeys(where, options, ['name', 'layer', 'bias', ...more]);
}
