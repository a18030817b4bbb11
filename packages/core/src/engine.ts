// Parts of the engine, for packages and benchmarks that build on it.
export type { CoreErrorCode } from './error-codes.js';
export { pushComposed } from './moments/running-moments.js';
export { type Chunk, cutChunks, estimateChunkSize } from './pass/chunks.js';
export { type Footprint, withMemoryMeter } from './pass/memory-meter.js';
export type { Findings, NotFiniteCheckpoint } from './run/findings.js';
export { checkSavedStates, joinStates, type JoinedRun } from './persistence/join-states.js';
export { type MetricRemarks, type NotedColumn, remarksOf, scoreNotes } from './run/score-notes.js';
