import { defineResource, type Resource, refuseUnknownKeys } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { lastFeatures, type LastLayerOptions } from './options.js';
import { errorNorm } from './resources.js';

/**
 * `norm2(p - y)² (b + norm2(h)²)`: the squared length of the gradient of an example's loss with respect to the weights
 * W and, with b = 1, the bias of a linear last layer `A = W h + bias`, without a backward pass. That gradient is the
 * outer product of `p - onehot(y)` and `(h, b)`. `[size]`
 */
export function lastLayerSquaredGradient(where: string, options: LastLayerOptions): Resource<tf.Tensor1D> {
  const h = lastFeatures(where, options);
  const unit = options.bias === false ? 0 : 1;
  return defineResource({
    name: 'lastLayerSquaredGradient',
    parameters: { features: h.key, bias: unit },
    requires: { errorNorm, h },
    compute: (values, { size }) => {
      const squaredLength = tf.sum(tf.square(tf.reshape(values.h, [size, -1])), 1);
      return tf.mul<tf.Tensor1D>(tf.square(values.errorNorm), tf.add(squaredLength, unit));
    },
  });
}

/** Refuses options that a metric of the last layer does not have. */
export function refuseUnknownLastLayerKeys(where: string, options: object, more: readonly string[]): void {
  refuseUnknownKeys(where, options, ['name', 'layer', 'bias', ...more]);
}
