export type { CallbackErrorCode } from './error-codes.js';
export { asCallback, type AsCallbackOptions } from './as-callback.js';
export { FitCallback, fitCallback, type FitCallbackOptions } from './fit-callback.js';
export { DifficultyCallback, trackDifficulty, type TrackDifficultyOptions } from './track-difficulty.js';
export type { BatchOptions, CurriculumBatch } from './curriculum/batches.js';
export { Curriculum, curriculum } from './curriculum/curriculum.js';
export type {
  BatchDataset,
  BatchTensors,
  DatasetOptions,
  ExampleReader,
  TrainingTensors,
} from './curriculum/dataset.js';
export { fitWithCurriculum, type FitWithCurriculumOptions } from './curriculum/fit.js';
export type { CurriculumOptions, CurriculumOrder, MiningOptions } from './curriculum/options.js';
export {
  pace,
  type PaceFunction,
  type PaceName,
  type PaceOptions,
  type SteppedPaceOptions,
} from './curriculum/pace.js';
export type { EpochPlan } from './curriculum/plan.js';
export {
  coreset,
  dropLabelErrors,
  infoBatch,
  type CoresetOptions,
  type DropLabelErrorsOptions,
  type InfoBatchOptions,
  type Pruning,
  type PruningContext,
} from './curriculum/pruning.js';
export type { ExampleWeights, WeighedExample } from './curriculum/weights.js';
