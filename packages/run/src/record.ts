export { recordRun, type RecordRunOptions, type RunRecorder } from './record/record-run.js';
