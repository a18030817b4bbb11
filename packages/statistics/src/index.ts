export type { StatisticsErrorCode } from './error-codes.js';
export { requireArray, requireShaped } from './arguments.js';
export { bootstrap, bootstrapRows, type BootstrapOptions, type Interval } from './bootstrap.js';
export {
  classCorrelation,
  classDifficulty,
  type ClassCorrelation,
  type ClassDifficulty,
  type ClassNormalisation,
} from './class-correlation.js';
export { classThresholds, confidentJoint, type ConfidentJoint } from './confident-learning/joint.js';
export { labelIssues, type LabelIssue, type LabelIssuesOptions } from './confident-learning/label-issues.js';
export { pearson, spearman, type Correlation } from './correlation.js';
export {
  compareDetection,
  detectionIntervals,
  type DetectionComparison,
  type DetectionIntervalOptions,
  type DetectionIntervals,
} from './detection-intervals.js';
export { evaluateDetection, type Detection, type DetectionAt, type DetectionOptions } from './detection.js';
export { errorsOf } from './difficulty.js';
export type { DifficultyScores, Flags, LabelledScores } from './difficulty-scores.js';
export { errorByPercentile, type ErrorByPercentile, type PercentileBin } from './error-by-percentile.js';
export { clopperPearson, overRepresentation, type ExactTails, type ProportionInterval } from './exact-tests.js';
export { benjaminiHochberg } from './false-discovery.js';
export { detectLabelErrors, type LabelErrorOptions, type LabelSuspect, type SuspectScores } from './label-errors.js';
export type { NamedScores, ScoresByName } from './named-scores.js';
export { percentilesOf } from './percentiles.js';
export { quantile } from './quantile.js';
export { rankAgreement, type RankAgreement } from './rank-agreement.js';
export { tTest, tTestFromStatistics, type SampleStatistics, type TTest, type TTestOptions } from './t-test.js';
