export { type TestBackend, testBackends } from './backends.js';
export { bootBackend } from './boot.js';
export {
  forRandomInputs,
  normals,
  normalTensor,
  normalTensorsFrom,
  normalValues,
  type Random,
  randomOf,
  runSeed,
  SEED,
  uniformFrom,
  withSeed,
} from './random.js';
