import * as tf from '@tensorflow/tfjs';
import { NATIVE, type NativeBackend } from '../native/native-backend.js';
import type { GradientConfig } from '../registry/registry.js';

/** A kernel of ours, where a backend has it: dx = dy where y > 0, of `{ dy, y }`, float32 and of one shape. */
export const RELU_GRADIENT = 'VogjsReluGradient';

/**
 * dx = dy where y > 0. The stock gradient casts the mask to the type it already has, which on wasm copies it: at the
 * first and largest activation of a network, where a pass holds most. tfjs-node composes `step` of five kernels of full
 * size; TensorFlow has one operation for it, and wasm a kernel of ours. Neither has a gradient of its own here, so an
 * outer tape gets operations that have.
 */
export function reluInputGradient(original: GradientConfig): GradientConfig {
  const backend = tf.getBackend();
  const composed = (dy: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.mul(dy, tf.step(y));
  const inOne = backend === NATIVE ? nativeReluGradient : tf.getKernel(RELU_GRADIENT, backend) && ownReluGradient;
  return {
    ...original,
    gradFunc: (dy, [y]) => ({ x: () => inOne?.(dy as tf.Tensor, y!) ?? composed(dy as tf.Tensor, y!) }),
  };
}

const isPlain = (dy: tf.Tensor, y: tf.Tensor): boolean =>
  tf.engine().state.gradientDepth === 0 && dy.dtype === y.dtype && tf.util.arraysEqual(dy.shape, y.shape);

const ownReluGradient = (dy: tf.Tensor, y: tf.Tensor): tf.Tensor | null =>
  isPlain(dy, y) && dy.dtype === 'float32' ? (tf.engine().runKernel(RELU_GRADIENT, { dy, y }) as tf.Tensor) : null;

/** TensorFlow's number for an attribute that is a type. */
const TYPE = 4;

function nativeReluGradient(dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const backend = tf.backend() as unknown as Partial<NativeBackend>;
  // Whoever registers a backend of that name need not be tfjs-node.
  const isNative = backend.executeSingleOutput !== undefined && backend.getDTypeInteger !== undefined;
  if (!isNative || !isPlain(dy, y)) return tf.where(tf.greater(y, 0), dy, tf.zerosLike(dy));
  const T = { name: 'T', type: TYPE, value: backend.getDTypeInteger!(dy.dtype) };
  return backend.executeSingleOutput!('ReluGrad', [T], [dy, y]);
}
