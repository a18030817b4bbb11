import * as tf from '@tensorflow/tfjs';
import { NATIVE, type NativeBackend } from '../native/native-backend.js';

/** The active backend, or why no pass can be recorded on it. */
export function nativeBackend(): NativeBackend | string {
  if (tf.getBackend() !== NATIVE)
    return `only native TensorFlow records passes, not ${tf.getBackend() || 'no backend'}`;
  const backend = tf.backend() as unknown as Partial<NativeBackend>;
  const { binding } = backend;
  const able =
    typeof binding?.runSavedModel === 'function' &&
    typeof binding.loadSavedModel === 'function' &&
    typeof binding.executeOp === 'function' &&
    typeof backend.getInputTensorIds === 'function' &&
    typeof backend.createOutputTensor === 'function';
  if (!able) return 'this tfjs-node has no sessions, or other ones than 4.22';
  return backend as NativeBackend;
}
