export { asPublished } from './as-published.js';
export {
  choice,
  COMMON_OPTIONS,
  type CommonOptions,
  EXIT,
  folder,
  main,
  positiveNumber,
  type Program,
  readCommonOptions,
  runProgram,
  type TypedOptions,
  UsageError,
  wholeNumber,
} from './command.js';
export {
  FINAL_SCORES,
  type FinalScore,
  type ImageProbe,
  isDifficulty,
  type MetricSettings,
  scoreName,
  trackedMetrics,
} from './every-metric.js';
export { type DatasetName, DATASETS, findFile, readImages } from './data.js';
export {
  HUMAN_LABEL_SETS,
  type HumanLabels,
  type HumanLabelSet,
  readHumanLabels,
  wrongLabels,
} from './human-labels.js';
export {
  channelStatistics,
  type ChannelStatistics,
  firstImages,
  imagesAt,
  type ImageSet,
  modelInputs,
  type ModelInputs,
  scaledPixels,
} from './images.js';
export { FEATURE_LAYERS, type NetworkOptions, residualNetwork } from './network.js';
export { MOST_SEEDS, overSeeds, type SeedSummary } from './seeds.js';
export { predictedClasses } from './predicted-classes.js';
export { isPacked, readPacked, sharedFile } from './packed.js';
export { startRun, writeResults } from './run-facts.js';
export { type Column, formatP, number, percent, signed, table, text } from './table.js';
export { learningRateAt, mirrorInto, type TrainedEpoch, type TrainingOptions, trainNetwork } from './training.js';
export {
  percentOf,
  READINGS,
  readTestSetOptions,
  readTrainAndTest,
  testSetOptions,
  type TestSetOptions,
  trainAndScoreTestSet,
  type WindowResult,
} from './test-set-run.js';
export { shuffleLabels, type ShuffledLabels } from './shuffle.js';
export { topOneError } from './top-one-error.js';
export { weightedStep } from './weighted-step.js';
