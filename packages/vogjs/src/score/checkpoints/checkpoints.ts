import type { ScorableModel } from '@vogjs/core';

/** Checkpoints of one training, in its order. */
export interface Checkpoints {
  readonly count: number;
  /** Where each comes from. */
  readonly sources: readonly string[];
  /** Files and folders that make them. */
  readonly files: readonly string[];
  /** Tells these files from others of the same names. */
  readonly stamps: readonly string[];
  /** Makes checkpoint `index` the one that is scored; what the one before held may be freed. */
  open(index: number): Promise<ScorableModel>;
  close(): void;
}
