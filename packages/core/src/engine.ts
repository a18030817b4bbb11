// Parts of the engine, for packages and benchmarks that build on it.
export { pushComposed } from './moments/running-moments.js';
export { type Footprint, withMemoryMeter } from './pass/memory-meter.js';
