import process from 'node:process';
import { type BackendName, selectBackend } from '../node/select-backend.js';

/**
 * The backends that backend-dependent tests run on: `cpu` and `wasm`, or those that the environment variable
 * VOGJS_TEST_BACKENDS names, separated by commas. A backend that was named and does not start fails its tests.
 */
export function testBackends(): readonly [BackendName, ...BackendName[]] {
  const named = process.env['VOGJS_TEST_BACKENDS'];
  if (!named) return ['cpu', 'wasm'];
  return named.split(',').map((name) => name.trim()) as [BackendName, ...BackendName[]];
}

/** Makes a backend active, with its repairs: by default the first of those that tests run on. */
export async function useBackend(name: BackendName = testBackends()[0]): Promise<void> {
  await selectBackend(name);
}
