import * as tf from '@tensorflow/tfjs';

/** Backends that compute on the processor and in this process. tfjs-node does where it found no GPU. */
const ON_PROCESSOR: ReadonlySet<string> = new Set(['cpu', 'wasm', 'tensorflow']);

/** Whether the active backend computes on the processor: then processor time tells what a pass takes. */
export function computesOnProcessor(): boolean {
  const backend = tf.backend() as unknown as { readonly isUsingGpuDevice?: boolean };
  return ON_PROCESSOR.has(tf.getBackend()) && backend.isUsingGpuDevice !== true;
}

/** Whether the active backend is native TensorFlow on the processor. */
export function isNativeOnProcessor(): boolean {
  return tf.getBackend() === 'tensorflow' && computesOnProcessor();
}
