import type { ScorableModel } from '@vogjs/core';

/** Checkpoints of one training, in its order. */
export interface Checkpoints {
  readonly count: number;
  /** Where each comes from. */
  readonly sources: readonly string[];
  /** Tells these files from others of the same names. */
  readonly stamps: readonly string[];
  /** Hash of what they hold now, by their names: the same on every machine that has a copy. */
  content(): Promise<string>;
  /** Makes checkpoint `index` the one that is scored; what the one before held may be freed. */
  open(index: number): Promise<ScorableModel>;
  /**
   * Where checkpoints are still being saved: waits for the one after `after`, the last that was scored. Without it they
   * are all there, and `open` takes them in their order.
   *
   * @param taken how many were scored or passed over
   */
  next?(taken: number, after: string | null): Promise<Arrival | Ended>;
  close(): void;
}

/** That no more of them is waited for. */
export interface Ended {
  readonly why: string;
}

/** A checkpoint that has come. */
export interface Arrival {
  readonly source: string;
  /** Older ones that are passed over, so as not to fall behind. */
  readonly skipped: readonly string[];
  open(): Promise<ScorableModel>;
}
