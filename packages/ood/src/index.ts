export type { OodScores } from './ood-scores.js';
export { evaluateOod, type OodEvaluation, type OodFigures } from './evaluation/evaluation.js';
export type { OodConventions, OodOptions } from './evaluation/options.js';
export { oodPresets, type OodPreset } from './evaluation/presets.js';
export type { OodDirection, OodSide } from './evaluation/sides.js';
export type { OodWarning } from './evaluation/warnings.js';
