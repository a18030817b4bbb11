import * as tf from '@tensorflow/tfjs';
import type { GradientConfig } from '../registry/registry.js';

type Axis = number | readonly number[] | null | undefined;

/**
 * Gradient of the largest or smallest entry along axes: equal ones share it evenly, as in TensorFlow.
 *
 * The stock one gives each of them the whole. A constant map, a padded row or an image's plain background then counts as
 * often as it has pixels; moving them all by t moves the maximum by t, so the shares must sum to one.
 */
const extremumGradient = (kernelName: string, attribute: string): GradientConfig => ({
  kernelName,
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, saved, attrs) => {
    const [x, y] = saved as [tf.Tensor, tf.Tensor];
    const axes = tf.util.parseAxisParam((attrs[attribute] ?? null) as number[], x.shape);
    const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
    return {
      x: () => {
        const extreme = tf.cast(tf.equal(x, y.reshape(kept)), 'float32');
        return tf.mul(extreme, tf.div((dy as tf.Tensor).reshape(kept), tf.sum(extreme, axes, true)));
      },
    };
  },
});

export const EXTREMA: readonly GradientConfig[] = [
  extremumGradient('Max', 'reductionIndices'),
  extremumGradient('Min', 'axis'),
];

/** Gradient of a product along axes: the stock one, which counts axes from the front only. */
export const productGradient = (original: GradientConfig): GradientConfig => ({
  ...original,
  gradFunc: (dy, saved, attrs) => {
    const axis = tf.util.parseAxisParam((attrs['axis'] as Axis as number[]) ?? null, saved[0]!.shape);
    return original.gradFunc(dy, saved, { ...attrs, axis });
  },
});
