import type { Position } from './position.js';

/** One checkpoint, in numbers. */
export interface CheckpointInfo {
  /** Index of the checkpoint, from 0. */
  readonly checkpoint: number;
  readonly position: Position;
  /** The window that it belongs to; 'complete' without windows. */
  readonly window: string;
  /** Names of the metrics that were due. */
  readonly metrics: readonly string[];
}
