import { VogError } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import process from 'node:process';
import { testBackends } from './backend.js';

/** Why tests on WebGPU do not run here; null when they do. A machine that was told to run them has no excuse. */
export async function withoutWebgpu(): Promise<string | null> {
  if (testBackends().includes('webgpu')) return null;
  const named = process.env['VOGJS_TEST_BACKENDS'];
  if (named) return `VOGJS_TEST_BACKENDS asks for ${named} only`;
  try {
    await selectBackend('webgpu');
    return null;
  } catch (error) {
    if (error instanceof VogError && error.code === 'BACKEND_UNAVAILABLE') return error.message;
    throw error;
  }
}
