import process from 'node:process';
import type { BackendName } from '@vogjs/core/node';

/** The backends that tests run on: those that VOGJS_TEST_BACKENDS names, or cpu and wasm. */
export const testBackends = (process.env['VOGJS_TEST_BACKENDS']?.split(',') ?? ['cpu', 'wasm']) as BackendName[];
