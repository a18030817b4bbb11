export { assertInputGradient, compareWithFiniteDifferences, type BatchFunction } from './finite-differences.js';
export { normalValues, runSeed, uniformFrom, type Random } from './random.js';
