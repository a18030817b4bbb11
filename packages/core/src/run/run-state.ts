import type { VogError } from '@vogjs/base';
import type { ScorableModel } from '../model/model.js';
import type { Task } from '../task/task.js';
import type { Position, RunLength } from '../schedule/position.js';

import { type Findings, noFindings } from './findings.js';

/** Where a run stands: everything but the metrics' tensors. */
export class RunState {
  /** Checkpoints taken. */
  checkpoints = 0;
  private seen: Record<string, Record<string, number>> = bare({});
  /** Where schedules were asked last. */
  observed: Position | null = null;
  /** Where the last checkpoint was taken. */
  last: Position | null = null;
  private steps: Record<string, number> = bare({});
  length: RunLength;
  /** What `total` said; nothing else overrides it. */
  readonly given: RunLength;
  /** Epochs of the run for which windows by fraction were filled; null before the first such checkpoint. */
  filledFor: number | null = null;
  findings: Findings = noFindings();
  /** The model whose training is followed; null before it is known. */
  model: ScorableModel | null = null;
  /** A first model was checked. A load leaves it; after `reset()` the next model is checked like the first. */
  begun = false;
  /** Training should stop: a checkpoint had diverged. */
  stopped = false;
  /** What the model was trained for, once it was seen. */
  task: Task | null = null;
  /** Number of classes, once a model's logits have told it. */
  classes: number | null = null;
  /** Metrics whose state is unusable, and why. */
  torn = new Map<string, VogError>();
  /** Set by dispose(), so that a pass in hand stops. */
  disposed = false;

  constructor(total: RunLength = {}) {
    this.given = Object.fromEntries(Object.entries(total).filter(([, value]) => value !== undefined));
    this.length = this.given;
  }

  /** Checkpoints that each metric saw, by metric and segment. */
  get counts(): Record<string, Record<string, number>> {
    return this.seen;
  }

  set counts(counts: Readonly<Record<string, Readonly<Record<string, number>>>>) {
    this.seen = bare(Object.fromEntries(Object.entries(counts).map(([metric, of]) => [metric, bare(of)])));
  }

  /** The step at which each metric took its last checkpoint. */
  get scoredSteps(): Record<string, number> {
    return this.steps;
  }

  set scoredSteps(steps: Readonly<Record<string, number>>) {
    this.steps = bare(steps);
  }

  count(metric: string, segment: string): number {
    return this.seen[metric]?.[segment] ?? 0;
  }

  increment(metric: string, segment: string): void {
    const counts = (this.seen[metric] ??= bare({}));
    counts[segment] = (counts[segment] ?? 0) + 1;
  }

  /** Begins anew: the next model may be another one, and is checked like the first. */
  restart(): void {
    this.begun = false;
    this.clear();
  }

  clear(): void {
    this.filledFor = null;
    this.findings = noFindings();
    this.model = null;
    this.stopped = false;
    this.checkpoints = 0;
    this.counts = {};
    this.observed = null;
    this.last = null;
    this.scoredSteps = {};
    this.classes = null;
    this.torn.clear();
  }
}

/** A record without a prototype: a metric or window may be named 'constructor'. */
function bare<T>(entries: Readonly<Record<string, T>>): Record<string, T> {
  return Object.assign(Object.create(null) as Record<string, T>, entries);
}
