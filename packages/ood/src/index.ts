export type { OodErrorCode } from './error-codes.js';
export { allDetectors } from './detectors/all.js';
export type { DetectorDefinition, DetectorWithOptions } from './detectors/definition.js';
export {
  type AnyDetectorFactory,
  defineDetector,
  type DetectorFactory,
  type DetectorFactoryDefinition,
  type DetectorOptions,
  type OptionsOfDetector,
} from './detectors/define-detector.js';
export type { Detector, DetectorFit, DetectorState, FitContext } from './detectors/detector.js';
export type { HostArray } from './host-array.js';
export { energy, type EnergyOptions } from './detectors/energy/energy.js';
export { entropyScore, type EntropyScoreOptions } from './detectors/entropy/entropy.js';
export { gen, type GenOptions } from './detectors/gen/gen.js';
export { gradNorm, type GradNormOptions } from './detectors/grad-norm/grad-norm.js';
export { klMatching, type KlMatchingOptions } from './detectors/kl-matching/kl-matching.js';
export { knn, type KnnOptions } from './detectors/knn/knn.js';
export { mahalanobis, type MahalanobisOptions } from './detectors/mahalanobis/mahalanobis.js';
export { maxLogit, type MaxLogitOptions } from './detectors/max-logit/max-logit.js';
export { msp, type MspOptions } from './detectors/msp/msp.js';
export { odin, type OdinOptions } from './detectors/odin/odin.js';
export { react, type ReactOptions } from './detectors/react/react.js';
export { relativeMahalanobis } from './detectors/relative-mahalanobis/relative-mahalanobis.js';
export { vim, type VimOptions } from './detectors/vim/vim.js';
export type { BestCheckpoint } from './monitor/best-weights.js';
export { type MonitoredCheckpoint, type OodMonitor, oodMonitor } from './monitor/ood-monitor.js';
export type { KeepBest, OodFigure, OodMonitorOptions } from './monitor/options.js';
// The names of the evaluation and its thresholds are listed there, once.
export * from './evaluation.js';
export { fitDetectors, type FitOptions } from './scoring/fit.js';
export { FittedDetectors, type Preprocessing } from './scoring/fitted.js';
export { scoreOod, type ScoreOptions } from './scoring/score.js';
export { isOod } from './state/is-ood.js';
export { loadDetectors, type LoadOptions, saveDetectors } from './state/save.js';
export { type ClassScatter, classScatter } from './fit-statistics/class-scatter.js';
export { featureRows, featuresAt } from './fit-statistics/features.js';
export { type HostMatrix, rowsOf } from './fit-statistics/rows.js';
export {
  type Accumulator,
  defineStatistic,
  type Statistic,
  type StatisticDefinition,
  type StatisticsOf,
  type StatisticValues,
} from './fit-statistics/statistic.js';
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
