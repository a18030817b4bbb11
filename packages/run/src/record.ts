export type { RunErrorCode } from './error-codes.js';
export { recordRun, type RecordRunOptions, type RunRecorder } from './record/record-run.js';
