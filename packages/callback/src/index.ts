export { asCallback, FitCallback, fitCallback, type FitCallbackOptions } from './fit-callback.js';
export { DifficultyCallback, trackDifficulty, type TrackDifficultyOptions } from './track-difficulty.js';
