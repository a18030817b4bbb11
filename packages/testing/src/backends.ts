import process from 'node:process';

/** A backend that tests run on. */
export type TestBackend = 'tfjs-node-gpu' | 'tfjs-node' | 'webgpu' | 'wasm' | 'cpu';

/**
 * The backends that backend-dependent tests run on: `cpu` and `wasm`, or those that the environment variable
 * VOGJS_TEST_BACKENDS names, separated by commas. A backend that was named and does not start fails its tests.
 */
export function testBackends(): readonly [TestBackend, ...TestBackend[]] {
  const named = process.env['VOGJS_TEST_BACKENDS'];
  if (!named) return ['cpu', 'wasm'];
  return named.split(',').map((name) => name.trim()) as [TestBackend, ...TestBackend[]];
}
