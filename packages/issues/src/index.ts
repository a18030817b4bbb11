export { ISSUE_KINDS, type Finding, type Issue, type IssueKind, type SuggestedLabel } from './issue.js';
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
