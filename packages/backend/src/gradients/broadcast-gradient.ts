import * as tf from '@tensorflow/tfjs';
import type { GradientConfig } from '../registry/registry.js';

/** The sum of a gradient over the axes along which an input of this shape was repeated. */
function sumTo(gradient: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const added = gradient.rank - shape.length;
  const axes = gradient.shape.flatMap((n, axis) => {
    const own = axis < added ? 1 : shape[axis - added];
    return axis < added || (own === 1 && n !== 1) ? [axis] : [];
  });
  return (axes.length === 0 ? gradient : tf.sum(gradient, axes)).reshape([...shape]);
}

type Slopes = (a: tf.Tensor, b: tf.Tensor) => readonly [() => tf.Tensor, () => tf.Tensor];

/** The gradient of an operation on two tensors of shapes that fit each other, from its two slopes. */
const ofTwo = (kernelName: string, slopes: Slopes): GradientConfig => ({
  kernelName,
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const [ofA, ofB] = slopes(a, b);
    return {
      a: () => sumTo(tf.mul(dy as tf.Tensor, ofA()), a.shape),
      b: () => sumTo(tf.mul(dy as tf.Tensor, ofB()), b.shape),
    };
  },
});
const one = (condition: tf.Tensor): tf.Tensor => tf.cast(condition, 'float32');

/** Gradients that tfjs forgets to sum over the repeated axes: it fails where the two shapes differ. */
export const BROADCASTS: readonly GradientConfig[] = [
  ofTwo('Maximum', (a, b) => [() => one(tf.greaterEqual(a, b)), () => one(tf.less(a, b))]),
  ofTwo('Minimum', (a, b) => [() => one(tf.lessEqual(a, b)), () => one(tf.greater(a, b))]),
  ofTwo('SquaredDifference', (a, b) => [() => tf.mul(2, tf.sub(a, b)), () => tf.mul(2, tf.sub(b, a))]),
];

/** Gradient of a product of stacks of matrices, summed over the stack where one matrix met many. */
export const matrixProductGradient = (original: GradientConfig): GradientConfig => ({
  ...original,
  gradFunc: (dy, saved, attrs) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const stock = original.gradFunc(dy, saved, attrs);
    return { a: () => sumTo(stock['a']!(), a.shape), b: () => sumTo(stock['b']!(), b.shape) };
  },
});

/** Gradient of a power. The stock slope b a^(b - 1) is 0 * infinity at a = b = 0, where a^0 is 1 all around. */
export const powerGradient = (original: GradientConfig): GradientConfig => ({
  ...original,
  gradFunc: (dy, saved, attrs) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const stock = original.gradFunc(dy, saved, attrs);
    const base = (): tf.Tensor => {
      const exponent = tf.cast(b, 'float32');
      const constant = tf.equal(exponent, 0);
      const lowered = tf.pow(a, tf.where(constant, tf.onesLike(exponent), tf.sub(exponent, 1)));
      return sumTo(tf.mul(dy as tf.Tensor, tf.mul(exponent, lowered)), a.shape);
    };
    return { ...stock, a: base };
  },
});

/**
 * Gradient of batch normalisation by given statistics: of any shape that fits x, where the stock one takes a vector
 * along the last axis or x's own shape. In the lean form for x: one product of full size.
 */
export const batchNormGradient: GradientConfig = {
  kernelName: 'FusedBatchNorm',
  inputsToSave: ['x', 'mean', 'variance', 'scale'],
  gradFunc: (dy, saved, attrs) => {
    const [x, mean, variance, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor | undefined];
    const upstream = dy as tf.Tensor;
    const inverse = (): tf.Tensor => tf.rsqrt(tf.add(variance, attrs['varianceEpsilon'] as number));
    const slope = (): tf.Tensor => (scale ? tf.mul(inverse(), scale) : inverse());
    const centred = (): tf.Tensor => tf.sub(x, mean);
    return {
      x: () => tf.mul(upstream, slope()),
      mean: () => sumTo(tf.neg(tf.mul(upstream, slope())), mean.shape),
      variance: () =>
        sumTo(tf.mul(tf.mul(upstream, centred()), tf.mul(-0.5, tf.mul(slope(), tf.square(inverse())))), variance.shape),
      scale: () => sumTo(tf.mul(tf.mul(upstream, centred()), inverse()), (scale ?? mean).shape),
      offset: () => sumTo(upstream, mean.shape),
    };
  },
};
