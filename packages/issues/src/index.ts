export { findAmbiguous, type AmbiguousOptions } from './ambiguous/find-ambiguous.js';
export { findImbalance, type ImbalanceOptions } from './classes/find-imbalance.js';
export {
  collectIssues,
  type CollectedIssues,
  type CollectOptions,
  type IssueEvidence,
} from './collect/collect-issues.js';
export {
  findDuplicates,
  type DuplicateEvidence,
  type Duplicates,
  type DuplicatesOptions,
} from './duplicates/find-duplicates.js';
export type { Pair } from './duplicates/pairs.js';
export { findWeakGroups, type WeakGroupsOptions } from './groups/find-weak-groups.js';
export type { MetadataColumn } from './groups/groups-of.js';
export type { ImagePixels } from './images/image.js';
export { judgeImages, type ImageFault, type ImageIssue, type JudgeImagesOptions } from './images/judge-images.js';
export { measureImage, type ImageMeasures } from './images/measure.js';
export { ISSUE_KINDS, type Finding, type Issue, type IssueKind, type IssueSummary } from './issue.js';
export {
  findLabelErrors,
  type LabelErrors,
  type LabelErrorsOptions,
  type LabelEvidence,
} from './labels/find-label-errors.js';
export type { EstimatedErrors } from './labels/count.js';
export type { Family } from './labels/signals.js';
export { fitTwoNormals, otsuThreshold, type TwoNormals } from './labels/thresholds.js';
export { nearestNeighbours, type NearestOptions, type Neighbours } from './neighbours/nearest.js';
export type { NeighbourSearch } from './neighbours/search.js';
export { findOutliers, type OutlierEvidence, type Outliers, type OutliersOptions } from './outliers/find-outliers.js';
