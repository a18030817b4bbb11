export type { BackendErrorCode } from './error-codes.js';
export {
  assertInputGradient,
  type BatchFunction,
  compareWithFiniteDifferences,
  type FiniteDifferenceOptions,
  type FiniteDifferenceReport,
} from './check/finite-differences.js';
export { deviceTensorBytes, settleDevice } from './device/device-errors.js';
export { computesOnProcessor } from './device/processor.js';
export { leaveUnsetCpuBackend } from './device/unset-backend.js';
export { inOneKernel, SOFTMAX_COTANGENT } from './lean/in-one-kernel.js';
export { withLeanGradients } from './lean/lean.js';
export { MOMENTS_PUSH, type MomentsInputs } from './moments/inputs.js';
export { pushFused } from './moments/push-kernel.js';
export { RecordedPasses, type RecordedStatus } from './recorded/recorded-passes.js';
export { loadRepairs, prepareBackend } from './repair/prepare.js';
export type { RepairReport } from './repair/repair.js';
export { keepBackendRepaired } from './repair/standing.js';
