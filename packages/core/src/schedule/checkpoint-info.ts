import type { Position } from './position.js';

/** One checkpoint, in numbers. */
export interface CheckpointInfo {
  /** Index of the checkpoint, from 0. */
  readonly checkpoint: number;
  readonly position: Position;
  /** The window that it belongs to; of several, their names joined by '+'; 'gap-…' for none; 'complete' without windows. */
  readonly window: string;
  /** The windows that it belongs to, by their starts: several where they overlap, none in a gap. */
  readonly windows: readonly string[];
  /** Names of the metrics that were due. */
  readonly metrics: readonly string[];
}
