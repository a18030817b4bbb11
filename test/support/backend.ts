import process from 'node:process';
import { type BackendName, selectBackend } from '@vogjs/core/node';

/**
 * The backends that backend-dependent tests run on: `cpu` and `wasm`, or those that the environment variable
 * VOGJS_TEST_BACKENDS names, separated by commas. A backend that was named and does not start fails its tests.
 */
export function testBackends(): readonly BackendName[] {
  const named = process.env['VOGJS_TEST_BACKENDS'];
  return named ? named.split(',').map((name) => name.trim() as BackendName) : ['cpu', 'wasm'];
}

/** Makes a backend active, with its repairs. */
export async function useBackend(name: BackendName): Promise<void> {
  await selectBackend(name);
}
