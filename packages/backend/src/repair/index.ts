// Apart from the main door, so that a page loads the repairs only when it needs them.
export type { BackendErrorCode } from '../error-codes.js';
export { repairBackend, type RepairReport, undoBackendRepairs } from './repair.js';
