export { vog, type VogOptions } from './vog/vog.js';
export { bootstrap, bootstrapRows, type BootstrapOptions, type Interval } from './analysis/bootstrap.js';
export {
  classCorrelation,
  classDifficulty,
  type ClassCorrelation,
  type ClassDifficulty,
  type ClassNormalisation,
} from './analysis/class-correlation.js';
export { pearson, spearman, type Correlation } from './analysis/correlation.js';
export {
  compareDetection,
  detectionIntervals,
  type DetectionComparison,
  type DetectionIntervalOptions,
  type DetectionIntervals,
} from './analysis/detection-intervals.js';
export { evaluateDetection, type Detection, type DetectionAt, type DetectionOptions } from './analysis/detection.js';
export { errorsOf, type DifficultyScores, type Flags, type LabelledScores } from './analysis/difficulty.js';
export { errorByPercentile, type ErrorByPercentile, type PercentileBin } from './analysis/error-by-percentile.js';
export { benjaminiHochberg } from './analysis/false-discovery.js';
export {
  detectLabelErrors,
  type LabelErrorOptions,
  type LabelSuspect,
  type SuspectScores,
} from './analysis/label-errors.js';
export type { NamedScores, ScoresByName } from './analysis/named-scores.js';
export { quantile } from './analysis/quantile.js';
export { rankAgreement, type RankAgreement } from './analysis/rank-agreement.js';
export { tTest, tTestFromStatistics, type SampleStatistics, type TTest, type TTestOptions } from './analysis/t-test.js';
