export { aum, type AumOptions } from './aum/aum.js';
export {
  confidentLearning,
  type ConfidentLearningOptions,
  probabilitiesOf,
} from './confident-learning/confident-learning.js';
export { folds, type Fold, type FoldsOptions } from './confident-learning/folds.js';
export { classThresholds, confidentJoint, type ConfidentJoint } from './confident-learning/joint.js';
export { labelIssues, type LabelIssue, type LabelIssuesOptions } from './confident-learning/label-issues.js';
export { csg, type CsgOptions } from './csg/csg.js';
export { dataIq, type DataIqOptions } from './data-iq/data-iq.js';
export { dataIqGroups, type DataIqColumns, type DataIqGroup, type DataIqThresholds } from './data-iq/groups.js';
export { dataMaps, type DataMapsOptions } from './data-maps/data-maps.js';
export { el2n, type El2nOptions } from './el2n/el2n.js';
export { entropy, type EntropyOptions } from './entropy/entropy.js';
export { forgetting, type ForgettingOptions } from './forgetting/forgetting.js';
export { grand, type GrandOptions } from './grand/grand.js';
export { margin, type MarginOptions } from './margin/margin.js';
export { meanLoss, type MeanLossOptions } from './mean-loss/mean-loss.js';
export { predictionDepth, type PredictionDepthOptions } from './prediction-depth/prediction-depth.js';
export { prototypicality, type PrototypicalityOptions } from './prototypicality/prototypicality.js';
export { selfInfluence, type SelfInfluenceOptions } from './self-influence/self-influence.js';
export {
  errorNorm,
  freeEnergy,
  labelProbability,
  logitMargin,
  predictiveEntropy,
  probabilityMargin,
} from './shared/resources.js';
export { trajectoryVariance, type TrajectoryVarianceOptions } from './trajectory-variance/trajectory-variance.js';
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
export {
  clopperPearson,
  overRepresentation,
  type ExactTails,
  type ProportionInterval,
} from './analysis/exact-tests.js';
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
