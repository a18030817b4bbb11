import * as tf from '@tensorflow/tfjs';
import { MOMENTS_PUSH, type MomentsInputs } from './inputs.js';

export type MomentsKernel = (inputs: MomentsInputs, backend: unknown) => tf.TensorInfo[];

/**
 * Puts a one-pass update into the kernel registry. Whatever stands there under {@link MOMENTS_PUSH} already stays.
 *
 * Backends on which one pass was measured to be faster than the six operations (docs/webgpu.md) get one with their
 * repairs: cpu and webgpu. Not wasm, whose SIMD operations beat a loop in JavaScript, nor tfjs-node, whose kernels are
 * TensorFlow's own.
 */
export function registerMomentsPush(backendName: string, kernel: MomentsKernel): void {
  if (tf.getKernel(MOMENTS_PUSH, backendName)) return;
  tf.registerKernel({
    kernelName: MOMENTS_PUSH,
    backendName,
    kernelFunc: ({ inputs, backend }) => kernel(inputs as unknown as MomentsInputs, backend),
  });
}

/**
 * Count, mean and m2 after one more value by the active backend's kernel. Null where it has none, or where the
 * composed form is needed: under a tape (the kernel has no gradient), for other types, and where shapes differ.
 */
export function pushFused(
  count: tf.Tensor,
  mean: tf.Tensor,
  m2: tf.Tensor,
  x: tf.Tensor,
): readonly [tf.Tensor, tf.Tensor, tf.Tensor] | null {
  const plain =
    [count, mean, m2, x].every(({ dtype }) => dtype === 'float32') &&
    tf.util.arraysEqual(mean.shape, x.shape) &&
    tf.util.arraysEqual(mean.shape, m2.shape) &&
    count.size === 1 &&
    mean.size > 0 &&
    tf.engine().state.gradientDepth === 0;
  if (!plain || !tf.getKernel(MOMENTS_PUSH, tf.getBackend())) return null;
  const inputs = { count, mean, m2, x };
  return tf.engine().runKernel(MOMENTS_PUSH, inputs, {}) as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
}
