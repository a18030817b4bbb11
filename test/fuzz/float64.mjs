// Loaded before anything else: TensorFlow.js's plain cpu backend computes in whatever `Float32Array` is, so from here on
// the same networks, kernels and gradient functions run in float64, and central differences at a step of 1e-6 hold.
import { createRequire } from 'node:module';

globalThis.Float32Array = /** @type {any} */ (Float64Array);
const util = createRequire(import.meta.url)('node:util');
Object.defineProperty(util.types, 'isFloat32Array', { value: util.types.isFloat64Array, configurable: true });
