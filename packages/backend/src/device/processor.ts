import * as tf from '@tensorflow/tfjs';

/** Whether the active backend computes on the processor, in this process: then processor time tells what a pass takes. */
export function computesOnProcessor(): boolean {
  const { isUsingGpuDevice } = tf.backend() as { readonly isUsingGpuDevice?: boolean };
  // tfjs-node computes there where it found no GPU.
  return /^(cpu|wasm|tensorflow)$/.test(tf.getBackend()) && isUsingGpuDevice !== true;
}
