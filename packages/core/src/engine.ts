// Parts of the engine, for packages and benchmarks that build on it.
export type { CoreErrorCode } from './error-codes.js';
export { pushComposed } from './moments/running-moments.js';
export { type Footprint, withMemoryMeter } from './pass/memory-meter.js';
