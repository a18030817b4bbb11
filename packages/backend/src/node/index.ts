export type { BackendErrorCode } from '../error-codes.js';
export {
  BACKEND_NAMES,
  type BackendName,
  selectBackend,
  type SelectedBackend,
  type SelectOptions,
} from './select-backend.js';
export { startWasmThreads } from './wasm-threads.js';
export { type Dawn, importWebgpuBackend, startWebgpu } from './webgpu.js';
