import type { Position } from '../schedule/position.js';

/** A checkpoint at which the model gave NaN or infinity. */
export interface NotFiniteCheckpoint {
  readonly position: Position;
  /** Due metrics. */
  readonly metrics: readonly string[];
  readonly window: string;
  /** Examples whose logits or input gradient were not finite. */
  readonly examples: number;
  /** Examples in all. */
  readonly total: number;
  /** True when every example was: nothing of it is in the scores. */
  readonly skipped: boolean;
}

/** What a reader of the scores should know of the run: plain data, saved with the state. */
export interface Findings {
  readonly notFinite: NotFiniteCheckpoint[];
  /** Checkpoints at which every input gradient that a metric asked for was exactly 0, by metric. */
  readonly zeroGradients: [metric: string, checkpoints: number][];
}

export function noFindings(): Findings {
  return { notFinite: [], zeroGradients: [] };
}
