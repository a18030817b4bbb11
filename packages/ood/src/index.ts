export type { OodScores } from './ood-scores.js';
