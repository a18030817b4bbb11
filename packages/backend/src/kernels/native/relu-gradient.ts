import * as tf from '@tensorflow/tfjs';
import type { NativeBackend } from '../../native/native-backend.js';
import type { KernelFunction } from '../../registry/registry.js';

/** TensorFlow's number for an attribute that is a type. */
const TYPE = 4;

/** dx = dy where y > 0, by TensorFlow's one operation for it; tfjs-node composes `step` of five of full size. */
export const nativeReluGradient: KernelFunction = ({ inputs, backend }) => {
  const { dy, y } = inputs as unknown as { readonly dy: tf.Tensor; readonly y: tf.Tensor };
  const native = backend as unknown as Partial<NativeBackend>;
  // Whoever registers a backend of that name need not be tfjs-node.
  if (native.executeSingleOutput === undefined || native.getDTypeInteger === undefined) {
    return tf.tidy(() => tf.where(tf.greater(y, 0), dy, tf.zerosLike(dy)));
  }
  const T = { name: 'T', type: TYPE, value: native.getDTypeInteger(dy.dtype) };
  return native.executeSingleOutput('ReluGrad', [T], [dy, y]);
};
