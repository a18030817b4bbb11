import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../registry/registry.js';

/** Whether walking this shape's numbers round and round, along x's, repeats them as broadcasting does. */
export function cycles(shape: readonly number[], x: readonly number[]): boolean {
  const first = shape.findIndex((n) => n !== 1);
  if (first === -1) return true;
  const own = shape.slice(first);
  return own.every((n, axis) => n === x[x.length - own.length + axis]);
}

/**
 * Batch normalisation by statistics of any axis, as in a network with channels first: [1, C, 1, 1] beside
 * [N, C, H, W]. The stock kernels of cpu and wasm repeat the statistics along the last axis, whatever their shape: they
 * normalise by the wrong channels, and say nothing. What they do right stays with them.
 */
export function broadcastBatchNorm(original: KernelFunction): KernelFunction {
  return (args) => {
    const { x, mean, variance, scale, offset } = args.inputs as unknown as Record<string, tf.Tensor | undefined>;
    const given = [mean, variance, scale, offset].filter((statistic) => statistic !== undefined && statistic !== null);
    if (given.every(({ shape }) => cycles(shape, x!.shape))) return original(args);
    return tf.tidy(() => {
      const inverse = tf.rsqrt(tf.add(variance!, args.attrs?.['varianceEpsilon'] as number));
      const scaled = tf.mul(tf.sub(x!, mean!), scale ? tf.mul(inverse, scale) : inverse);
      return offset ? tf.add(scaled, offset) : scaled;
    });
  };
}
