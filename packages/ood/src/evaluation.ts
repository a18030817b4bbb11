// What judges scores and decides by them, without TensorFlow.js: for pages and services that hold scores, and no model.
export type { OodErrorCode } from './error-codes.js';
export type { OodScores } from './ood-scores.js';
export type { Bounds, OodBounds } from './evaluation/bounds.js';
export {
  compareOod,
  type OodComparison,
  type OodComparisonOptions,
  type OodIntervals,
  type OodPair,
} from './evaluation/comparison.js';
export type { OodConventions } from './evaluation/conventions.js';
export { type CurveOptions, type CurvePoint, oodCurves, type OodCurves } from './evaluation/curves.js';
export { evaluateOod, type OodEvaluation, type OodFigures } from './evaluation/evaluation.js';
export type { OodOptions } from './evaluation/options.js';
export { oodByPercentile, type OodByPercentile, type OodPercentileBin } from './evaluation/percentiles.js';
export { oodPresets, type OodPreset } from './evaluation/presets.js';
export type { OodDirection, OodSide } from './evaluation/sides.js';
export {
  type StreamedOodEvaluation,
  streamingOodEvaluation,
  type StreamingOodEvaluation,
  type StreamingOodOptions,
} from './evaluation/streaming.js';
export type { OodWarning } from './evaluation/warnings.js';
export { calibrateThreshold, type CalibrationOptions } from './threshold/calibration.js';
export { decideOod, type OodDecision } from './threshold/decision.js';
export { readThreshold } from './threshold/reading.js';
export type { OodThreshold, ThresholdTpr } from './threshold/threshold.js';
