export { vog, type VogOptions } from './vog/vog.js';
export {
  classCorrelation,
  classDifficulty,
  type ClassCorrelation,
  type ClassDifficulty,
  type ClassNormalisation,
} from './analysis/class-correlation.js';
export { pearson, spearman, type Correlation } from './analysis/correlation.js';
export { evaluateDetection, type Detection, type DetectionAt, type DetectionOptions } from './analysis/detection.js';
export { errorsOf, type DifficultyScores, type Flags, type LabelledScores } from './analysis/difficulty.js';
export { errorByPercentile, type ErrorByPercentile, type PercentileBin } from './analysis/error-by-percentile.js';
export { quantile } from './analysis/quantile.js';
export { tTest, tTestFromStatistics, type SampleStatistics, type TTest, type TTestOptions } from './analysis/t-test.js';
