import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';

/** Makes a backend of the TensorFlow.js installation active in Node, for tests and benchmarks. */
export async function bootBackend(name: 'cpu' | 'wasm'): Promise<void> {
  if (name === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    // Paths are fixed once the backend runs; setting them again would throw.
    if (!tf.engine().registry['wasm']) setWasmPaths(entry.replace(/[^/\\]*$/, ''));
  }
  if (!(await tf.setBackend(name))) throw new Error(`Backend '${name}' does not start.`);
  await tf.ready();
}
