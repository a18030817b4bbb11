import { VogError } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { testBackends } from './backend.js';

/** Why tests on WebGPU do not run here; null when they do. A machine that was told to run them has no excuse. */
export async function withoutWebgpu(): Promise<string | null> {
  if (testBackends().includes('webgpu')) return null;
  try {
    await selectBackend('webgpu');
    return null;
  } catch (error) {
    if (error instanceof VogError && error.code === 'BACKEND_UNAVAILABLE') return error.message;
    throw error;
  }
}
