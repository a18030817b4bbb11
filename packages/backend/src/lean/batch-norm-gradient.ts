import * as tf from '@tensorflow/tfjs';
import type { GradientConfig } from '../registry/registry.js';
import { inOneKernel } from './in-one-kernel.js';

/** A kernel of ours, where a backend has it: what {@link batchNormInput} computes, in one. */
export const BATCH_NORM_GRADIENT = 'VogjsBatchNormGradient';

/** dx = dy * scale / sqrt(variance + epsilon). */
export function batchNormInput(
  dy: tf.Tensor,
  variance: tf.Tensor,
  scale: tf.Tensor | undefined,
  epsilon: number,
): tf.Tensor {
  const slope = tf.rsqrt(tf.add(variance, epsilon));
  return tf.mul(dy, scale ? tf.mul(slope, scale) : slope);
}

/**
 * Batch normalisation with fixed statistics is affine: dx = dy * scale / sqrt(variance + epsilon), one product. The
 * stock gradient prepares all five derivatives at full size first. Layer normalisation is built on the same kernel
 * with statistics that depend on x: their derivatives come from the stock gradient, when the tape asks for them.
 */
export function batchNormInputGradient(original: GradientConfig): GradientConfig {
  const inOne = inOneKernel(BATCH_NORM_GRADIENT);
  return {
    ...original,
    gradFunc: (dy, saved, attrs) => {
      const [, , variance, scale] = saved as [unknown, unknown, tf.Tensor, tf.Tensor];
      const stock = (name: string) => () => original.gradFunc(dy, saved, attrs)[name]!();
      const x = (): tf.Tensor =>
        inOne({ dy: dy as tf.Tensor, variance, scale }, attrs) ??
        batchNormInput(dy as tf.Tensor, variance, scale, attrs['varianceEpsilon'] as number);
      return { x, mean: stock('mean'), variance: stock('variance'), scale: stock('scale'), offset: stock('offset') };
    },
  };
}
