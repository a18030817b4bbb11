import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { repairBackend } from '@vogjs/core';

/** Makes a backend active, with its repairs. */
export async function useBackend(name: 'cpu' | 'wasm'): Promise<void> {
  if (name === 'wasm') {
    const { setWasmPaths, setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    if (!('wasm' in tf.engine().registry)) {
      setWasmPaths(entry.replace(/[^/\\]*$/, ''));
      setThreadsCount(1);
    }
  }
  if (!(await tf.setBackend(name))) throw new Error(`backend '${name}' does not start`);
  await tf.ready();
  repairBackend();
}
