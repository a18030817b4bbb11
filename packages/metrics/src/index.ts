export { allMetrics, trackerMetrics } from './all.js';
export { aum, type AumOptions } from './aum/aum.js';
export {
  confidentLearning,
  type ConfidentLearningOptions,
  probabilitiesOf,
} from './confident-learning/confident-learning.js';
export { folds, type Fold, type FoldsOptions } from './confident-learning/folds.js';
export { csg, type CsgOptions } from './csg/csg.js';
export { dataIq, type DataIqOptions } from './data-iq/data-iq.js';
export { dataIqGroups, type DataIqColumns, type DataIqGroup, type DataIqThresholds } from './data-iq/groups.js';
export { dataMaps, type DataMapsOptions } from './data-maps/data-maps.js';
export { el2n, type El2nOptions } from './el2n/el2n.js';
export { entropy, type EntropyOptions } from './entropy/entropy.js';
export { forgetting, type ForgettingOptions } from './forgetting/forgetting.js';
export {
  gradientNormTrajectory,
  type GradientNormTrajectoryOptions,
} from './gradient-norm-trajectory/gradient-norm-trajectory.js';
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
// What judges a score has a package of its own; these names keep their old address.
export {
  benjaminiHochberg,
  bootstrap,
  bootstrapRows,
  classCorrelation,
  classDifficulty,
  classThresholds,
  clopperPearson,
  compareDetection,
  confidentJoint,
  detectionIntervals,
  detectLabelErrors,
  errorByPercentile,
  errorsOf,
  evaluateDetection,
  labelIssues,
  overRepresentation,
  pearson,
  quantile,
  rankAgreement,
  spearman,
  tTest,
  tTestFromStatistics,
  type BootstrapOptions,
  type ClassCorrelation,
  type ClassDifficulty,
  type ClassNormalisation,
  type ConfidentJoint,
  type Correlation,
  type Detection,
  type DetectionAt,
  type DetectionComparison,
  type DetectionIntervalOptions,
  type DetectionIntervals,
  type DetectionOptions,
  type DifficultyScores,
  type ErrorByPercentile,
  type ExactTails,
  type Flags,
  type Interval,
  type LabelErrorOptions,
  type LabelIssue,
  type LabelIssuesOptions,
  type LabelledScores,
  type LabelSuspect,
  type NamedScores,
  type PercentileBin,
  type ProportionInterval,
  type RankAgreement,
  type SampleStatistics,
  type ScoresByName,
  type SuspectScores,
  type TTest,
  type TTestOptions,
} from '@vogjs/statistics';
