import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../registry/registry.js';

type Of = (x: tf.Tensor) => tf.Tensor;

/** a0 + x (a1 + x (a2 + ...)). */
const polynomial =
  (...coefficients: number[]): Of =>
  (x) =>
    coefficients.reduceRight<tf.Tensor>((sum, a) => tf.add(tf.mul(sum, x), a), tf.zerosLike(x));

/**
 * log(1 + x) = 2 artanh(s), s = x / (2 + x), by the series of artanh: the first term left out is below 4e-9 of the whole
 * where |x| < 1/4.
 */
const logNearOne: Of = (x) => {
  const s = tf.div(x, tf.add(x, 2));
  return tf.mul(tf.mul(s, 2), polynomial(1, 1 / 3, 1 / 5, 1 / 7, 1 / 9)(tf.square(s)));
};

/** exp(x) - 1, by its series: the first term left out is below 1e-9 of the whole where |x| < 1/4. */
const exponentialNearZero: Of = (x) => tf.mul(x, polynomial(1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040)(x));

/**
 * A kernel that keeps its relative accuracy near 0. The shaders compute log(1 + x) and exp(x) - 1 as they are written:
 * what is lost in the sum is all there is when x is small, and log1p(3e-8) is 0.
 */
const accurateNearZero =
  (near: Of) =>
  (original: KernelFunction): KernelFunction =>
  (args) => {
    const { x } = args.inputs as unknown as { x: tf.Tensor };
    if (x.dtype !== 'float32' || tf.util.sizeFromShape(x.shape) === 0) return original(args);
    return tf.tidy(() => {
      const info = original(args) as tf.TensorInfo;
      const far = tf.engine().makeTensorFromTensorInfo(info);
      return tf.where(tf.less(tf.abs(x), 0.25), near(x), far);
    });
  };

export const accurateLog1p = accurateNearZero(logNearOne);
export const accurateExpm1 = accurateNearZero(exponentialNearZero);
