import { type BackendName, selectBackend } from '@vogjs/core/node';
import { loadavg } from 'node:os';
import { machineLine } from './harness.js';

/** Activates the backend that was asked for on the command line, wasm by default, and prints where numbers come from. */
export async function benchBackend(): Promise<BackendName> {
  const asked = (process.env['VOGJS_BENCH_BACKEND'] ?? 'wasm') as BackendName;
  const { backend, version } = await selectBackend(asked);
  console.log(`${machineLine(`${backend} (${version})`)} | load ${loadavg()[0]?.toFixed(1)}`);
  return backend;
}
