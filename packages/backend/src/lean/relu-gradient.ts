import * as tf from '@tensorflow/tfjs';
import type { GradientConfig } from '../registry/registry.js';
import { inOneKernel } from './in-one-kernel.js';

/** A kernel of ours, where a backend has it: dx = dy where y > 0, of `{ dy, y }`, float32 and of one shape. */
export const RELU_GRADIENT = 'VogjsReluGradient';

/**
 * dx = dy where y > 0. The stock gradient casts the mask to the type it already has, which on wasm copies it: at the
 * first and largest activation of a network, where a pass holds most. On native TensorFlow, wasm and WebGPU a kernel does
 * it in one.
 */
export function reluInputGradient(original: GradientConfig): GradientConfig {
  const inOne = inOneKernel(RELU_GRADIENT);
  const masked = (dy: tf.Tensor, y: tf.Tensor): tf.Tensor =>
    (dy.dtype === 'float32' && inOne({ dy, y })) || tf.mul(dy, tf.step(y));
  return { ...original, gradFunc: (dy, [y]) => ({ x: () => masked(dy as tf.Tensor, y!) }) };
}
