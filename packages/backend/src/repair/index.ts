// Apart from the main door, so that a page loads the repairs only when it needs them.
export { exactConvolutions, fastForwardConvolutions } from '../kernels/wasm/simd/exact.js';
export { useOwnKernels } from '../kernels/wasm/simd/kernels.js';
export type { BackendErrorCode } from '../error-codes.js';
export { repairBackend, type RepairReport, undoBackendRepairs } from './repair.js';
