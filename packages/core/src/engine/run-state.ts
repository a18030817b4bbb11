import type { VogError } from '@vogjs/base';
import type { Task } from '../task/task.js';
import { type Position, positionAt, type RunLength } from '../schedule/position.js';

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
  /** The step at which each metric took its last checkpoint. */
  scoredSteps: Record<string, number> = {};
  length: RunLength = {};
  /** What the model was trained for, once it was seen. */
  task: Task | null = null;
  /** Number of classes, once a model's logits have told it. */
  classes: number | null = null;
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

  /** Learns the length of the run; what is undefined stays as it was. */
  lengthen(length: RunLength): void {
    const known = Object.entries(length).filter(([, value]) => value !== undefined);
    this.length = { ...this.length, ...Object.fromEntries(known) };
    if (this.observed === null) return;
    // Half of a run is a quarter of one that became twice as long: fractions ahead must still be ahead.
    const { epoch, epochsCompleted, step } = this.observed;
    this.observed = positionAt({ epoch, step, epochEnd: epochsCompleted > epoch }, this.length, null);
  }

  clear(): void {
    this.checkpoints = 0;
    this.counts = {};
    this.observed = null;
    this.last = null;
    this.scoredSteps = {};
    this.torn.clear();
  }
}
