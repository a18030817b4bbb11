import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../../registry/registry.js';
import { runKernel } from '../high-rank/merged-axes.js';

/**
 * A running sum or product from the end, as one from the front of the reversed tensor. The stock shader from the end
 * holds the axis's length as a number, and the backend keeps it for axes of every length. So the second length that a
 * process meets is summed wrongly, such as that of the gradient of another running sum.
 */
export function scanFromFront(kernelName: 'Cumsum' | 'Cumprod', original: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as unknown as { x: tf.Tensor };
    const { axis, reverse } = args.attrs as unknown as { axis: number; reverse: boolean };
    if (!reverse) return original(args);
    return tf.tidy(() => {
      const turned = runKernel(kernelName, { x: tf.reverse(x, axis) }, { ...args.attrs, reverse: false });
      return tf.reverse(turned, axis);
    });
  };
}
