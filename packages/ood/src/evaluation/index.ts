// What judges OoD scores, for pages and processes without TensorFlow.js: nothing here loads it.
export type { Bounds, OodBounds } from './bounds.js';
export {
  compareOod,
  type OodComparison,
  type OodComparisonOptions,
  type OodIntervals,
  type OodPair,
} from './comparison.js';
export { type CurveOptions, type CurvePoint, oodCurves, type OodCurves } from './curves.js';
export { evaluateOod, type OodEvaluation, type OodFigures } from './evaluation.js';
export type { OodConventions } from './conventions.js';
export type { OodOptions } from './options.js';
export { oodByPercentile, type OodByPercentile, type OodPercentileBin } from './percentiles.js';
export { oodPresets, type OodPreset } from './presets.js';
export type { OodDirection, OodSide } from './sides.js';
export {
  streamingOodEvaluation,
  type StreamedOodEvaluation,
  type StreamingOodEvaluation,
  type StreamingOodOptions,
} from './streaming.js';
export type { OodWarning } from './warnings.js';
