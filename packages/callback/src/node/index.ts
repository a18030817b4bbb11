export type { CallbackErrorCode } from '../error-codes.js';
export { Autosave, autosave, type AutosaveOptions } from './autosave.js';
export { progressBar, type ProgressBarOptions } from './progress-bar.js';
export { readSavedTraining, resume, type ResumedTraining, type ResumeOptions, type SavedTraining } from './resume.js';
export { CheckpointSaver, saveCheckpoints, type SaveCheckpointsOptions } from './save-checkpoints.js';
export type { GivenParts } from './training-parts.js';
export type { TensorBoardOptions } from './tensorboard/options.js';
export type { ProjectorFeatures } from './tensorboard/projector.js';
export { tensorBoard, type TensorBoardLog } from './tensorboard/tensor-board.js';
