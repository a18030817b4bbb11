export type { RunErrorCode } from './error-codes.js';
export { openRun, type Run } from './open/open-run.js';
export { createRun, type CreateRunOptions, type RunWriter } from './open/create-run.js';
export type { Features } from './features/features.js';
export {
  type DataKind,
  type ManifestInit,
  RUN_VERSION,
  type RunCheckpoint,
  type RunManifest,
} from './manifest/manifest.js';
export { ISSUE_KINDS, type Issue, type IssueKind, type IssueSummary } from '@vogjs/issues';
export type { OodSet, OodSets } from './ood/ood-file.js';
export type { Issues } from './issues/issues-file.js';
export { findIssues, type FindIssuesOptions } from './find-issues/find-issues.js';
export { columnName, type HardDirection, type ScoreColumn } from './tables/score-column.js';
export type { ExampleId, MetaValues, ScoresTable, ScoresTableInit, ScoresToWrite } from './tables/scores-table.js';
export type { Trajectories, TrajectoriesTable } from './tables/trajectories.js';
export { thumbAt, type ThumbIndex, type ThumbPixels } from './thumbs/thumbs.js';
export { type Decision, DECISIONS, type Review, type Reviews } from './reviews/reviews.js';
export { type Reviewer, reviewRun } from './review-run/review-run.js';
export { type Correction, decodeCorrections, encodeCorrections } from './reviews/corrections.js';
export { applyCorrections, type ApplyOptions, type CorrectedLabels } from './reviews/apply-corrections.js';
export type { ByteRange, RunStorage } from './storage/storage.js';
export type { Bucket, StoredFile, StoredPart } from './storage/bucket.js';
export { openBucket } from './storage/open-bucket.js';
export { folderStorage } from './storage/folder.js';
export { memoryStorage } from './storage/memory.js';
export { originPrivateStorage } from './storage/origin-private.js';
export { openStorage, type RunPlace } from './storage/place.js';
export { EXPORT_FORMATS, type ExportFormat, type ExportOptions, exportRun } from './export/export-run.js';
export { labelStudioConfig } from './export/label-studio.js';
export { type Rearranged, rearrangeFolder, type RearrangeOptions } from './rearrange/rearrange-folder.js';
export { ANSWER_FORMATS, type AnswerFormat, readAnswers } from './answers/answers.js';
export { importAnswers, type Imported, type ImportOptions } from './answers/import-answers.js';
