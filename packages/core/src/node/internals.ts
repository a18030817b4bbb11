// For the workspace's own tests and benchmarks, which compare parts that users never see. Resolves from source only: it
// is no entry of the published package.
export { deviceTensorBytes, settleDevice } from '../backends/device-errors.js';
export { withMemoryMeter } from '../backends/memory-meter.js';
export { undoBackendRepairs } from '../backends/repair.js';
export { MOMENTS_PUSH } from '../moments/push-kernel.js';
export { pushComposed } from '../moments/running-moments.js';
export { testBackends, useBackend } from '../testing/backends.js';
export { type Dawn, importWebgpuBackend, startWebgpu } from './webgpu.js';
export { startWasmThreads } from './wasm-threads.js';
