export { type TestBackend, testBackends } from './backends.js';
export { bootBackend } from './boot.js';
export { normalValues, type Random, runSeed, uniformFrom } from './random.js';
