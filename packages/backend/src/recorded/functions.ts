import type { Binding, NativeBackend } from '../native/native-backend.js';
import { setting } from './available.js';
import { nativeBackend } from './native.js';

/** Whether a graph can run where its inputs are, on a GPU too: `vogjs link-libtensorflow` builds an add-on that can. */
export function hasFunctions(binding: Partial<Binding>): boolean {
  return typeof binding.createFunction === 'function' && setting() !== 'saved-model';
}

/** Why nothing is recorded on a GPU; null where it is, and on a processor. */
export function whyNotOnGpu(backend: NativeBackend | string = nativeBackend()): string | null {
  if (typeof backend === 'string' || !backend.isUsingGpuDevice || hasFunctions(backend.binding)) return null;
  // A saved model takes every input through the host: the weights would cross the bus at every chunk.
  return 'on a GPU it takes the add-on of vogjs link-libtensorflow, without which each chunk would copy every input';
}
