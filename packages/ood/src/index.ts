export type { OodErrorCode } from './error-codes.js';
export { defineDetector, type Detector, type DetectorDefinition, type DetectorFit } from './detectors/detector.js';
export type { DetectorState, FitContext } from './detectors/detector.js';
export type { HostArray } from './host-array.js';
export { energy, type EnergyOptions } from './detectors/energy.js';
export { entropyScore, type EntropyScoreOptions } from './detectors/entropy.js';
export { gen, type GenOptions } from './detectors/gen.js';
export { gradNorm, type GradNormOptions } from './detectors/grad-norm.js';
export { klMatching, type KlMatchingOptions } from './detectors/kl-matching.js';
export { knn, type KnnOptions } from './detectors/knn.js';
export { mahalanobis, type MahalanobisOptions } from './detectors/mahalanobis.js';
export { maxLogit, type MaxLogitOptions } from './detectors/max-logit.js';
export { msp, type MspOptions } from './detectors/msp.js';
export { odin, type OdinOptions } from './detectors/odin.js';
export { react, type ReactOptions } from './detectors/react.js';
export { relativeMahalanobis } from './detectors/relative-mahalanobis.js';
export { vim, type VimOptions } from './detectors/vim.js';
export type { BestCheckpoint } from './monitor/best-weights.js';
export { type MonitoredCheckpoint, type OodMonitor, oodMonitor } from './monitor/ood-monitor.js';
export type { KeepBest, OodFigure, OodMonitorOptions } from './monitor/options.js';
export type { OodScores } from './ood-scores.js';
export type { Bounds, OodBounds } from './evaluation/bounds.js';
export {
  compareOod,
  type OodComparison,
  type OodComparisonOptions,
  type OodIntervals,
  type OodPair,
} from './evaluation/comparison.js';
export { type CurveOptions, type CurvePoint, oodCurves, type OodCurves } from './evaluation/curves.js';
export { evaluateOod, type OodEvaluation, type OodFigures } from './evaluation/evaluation.js';
export type { OodConventions } from './evaluation/conventions.js';
export type { OodOptions } from './evaluation/options.js';
export { oodByPercentile, type OodByPercentile, type OodPercentileBin } from './evaluation/percentiles.js';
export { oodPresets, type OodPreset } from './evaluation/presets.js';
export type { OodDirection, OodSide } from './evaluation/sides.js';
export {
  streamingOodEvaluation,
  type StreamedOodEvaluation,
  type StreamingOodEvaluation,
  type StreamingOodOptions,
} from './evaluation/streaming.js';
export type { OodWarning } from './evaluation/warnings.js';
export { calibrateThreshold, type CalibrationOptions } from './threshold/calibration.js';
export { decideOod, type OodDecision } from './threshold/decision.js';
export { readThreshold } from './threshold/reading.js';
export type { OodThreshold, ThresholdTpr } from './threshold/threshold.js';
export { fitDetectors, type FitOptions } from './scoring/fit.js';
export { FittedDetectors, type Preprocessing } from './scoring/fitted.js';
export { scoreOod, type ScoreOptions } from './scoring/score.js';
export { isOod } from './state/is-ood.js';
export { loadDetectors, type LoadOptions, saveDetectors } from './state/save.js';
export { type ClassScatter, classScatter } from './statistics/class-scatter.js';
export { featureRows, featuresAt } from './statistics/features.js';
export { type HostMatrix, rowsOf } from './statistics/rows.js';
export {
  type Accumulator,
  defineStatistic,
  type Statistic,
  type StatisticDefinition,
  type StatisticsOf,
  type StatisticValues,
} from './statistics/statistic.js';
export {
  predictedLabel,
  type PredictedLabelOptions,
  vogOodMetrics,
  type VogOodMetricsOptions,
} from './trajectories/metrics.js';
export { replayCheckpoints, type ReplayOptions } from './trajectories/replay.js';
export {
  type TrackedExamples,
  type TrackedSets,
  type TrajectoryOodScores,
  vogOod,
  type VogOodOptions,
} from './trajectories/vog-ood.js';
