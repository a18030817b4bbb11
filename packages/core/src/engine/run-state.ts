import type { VogError } from '@vogjs/base';
import type { Position, RunLength } from '../schedule/position.js';

/** Where a run stands: everything but the metrics' tensors. */
export class RunState {
  /** Checkpoints taken. */
  checkpoints = 0;
  /** Checkpoints that each metric saw, by metric and segment. */
  counts: Record<string, Record<string, number>> = {};
  /** Where schedules were asked last. */
  observed: Position | null = null;
  /** Where the last checkpoint was taken. */
  last: Position | null = null;
  length: RunLength = {};
  /** Metrics whose state is unusable, and why. */
  torn = new Map<string, VogError>();
  /** Set by dispose(), so that a pass in hand stops. */
  disposed = false;

  count(metric: string, segment: string): number {
    return this.counts[metric]?.[segment] ?? 0;
  }

  increment(metric: string, segment: string): void {
    const counts = (this.counts[metric] ??= {});
    counts[segment] = (counts[segment] ?? 0) + 1;
  }

  clear(): void {
    this.checkpoints = 0;
    this.counts = {};
    this.observed = null;
    this.last = null;
    this.torn.clear();
  }
}
