import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';

/** Makes a backend active; its binaries come from the page's own address. */
export async function startBackend(name: 'webgl' | 'wasm' | 'webgpu'): Promise<void> {
  if (name === 'wasm') setWasmPaths('/');
  if (!(await tf.setBackend(name))) throw new Error(`${name} does not start here`);
  await tf.ready();
  if (tf.getBackend() !== name) throw new Error(`${tf.getBackend()} is active, not ${name}`);
}
