import { VogError } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { testBackends } from './backend.js';

/** Why tests on WebGPU do not run here; null when they do. A machine that was told to run them has no excuse. */
export async function withoutWebgpu(): Promise<string | null> {
  if (testBackends().includes('webgpu')) return null;
  const named = process.env['VOGJS_TEST_BACKENDS'];
  if (named) return `VOGJS_TEST_BACKENDS asks for ${named} only, without webgpu`;
  try {
    await selectBackend('webgpu');
    return null;
  } catch (error) {
    if (error instanceof VogError && error.code === 'BACKEND_UNAVAILABLE') return error.message;
    throw error;
  }
}

/** A suite of tests on WebGPU; where they do not run, the one test that tells why, in their place. */
export function webgpuSuite(name: string, reason: string | null): ReturnType<typeof suite> {
  if (reason === null) return suite(name);
  console.log(`not run: ${reason}`);
  const instead = suite(`${name}, not run`);
  instead('the reason names what is missing', () => assert.match(reason, /webgpu|Vulkan/));
  const nothing = (): void => {};
  const hook = Object.assign(() => {}, { each: nothing });
  const none = { only: nothing, skip: nothing, before: hook, after: hook, run: () => instead.run() };
  return Object.assign(() => {}, none);
}
