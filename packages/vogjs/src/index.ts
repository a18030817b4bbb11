// The names that most programs need, from one package, in Node and in a page; the packages have the rest. The command
// line is not reached from here: package.json names it as `bin`.
export {
  curriculum,
  type CurriculumOptions,
  fitCallback,
  type FitCallbackOptions,
  fitWithCurriculum,
  trackDifficulty,
  type TrackDifficultyOptions,
} from '@vogjs/callback';
export {
  createTracker,
  type ErrorCode,
  epochs,
  everyEpoch,
  everySteps,
  Scores,
  stages,
  type Tracker,
  type TrackerOptions,
  VogError,
} from '@vogjs/core';
export { vog, type VogOptions } from '@vogjs/metrics';
export {
  calibrateThreshold,
  energy,
  evaluateOod,
  fitDetectors,
  isOod,
  knn,
  msp,
  oodMonitor,
  scoreOod,
  vogOod,
} from '@vogjs/ood';
export { detectLabelErrors } from '@vogjs/statistics';
export { defineRun } from './score/config/define-run.js';
export type { ScoreConfig } from './score/config/options.js';
export type { VogjsErrorCode } from './error-codes.js';
