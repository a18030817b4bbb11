import { VogError } from '@vogjs/base';
import type { ScorableModel } from '../model/model.js';
import type { Task } from '../task/task.js';
import { type Position, positionAt, type RunLength } from '../schedule/position.js';

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
  private readonly given: RunLength;
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

  /**
   * Learns the length of the run; what is undefined, and what `total` gave, stays as it was.
   *
   * @throws VogError ARGUMENT_INVALID when it contradicts `total`; SCHEDULE_NEEDS_TOTAL when windows by fraction were
   *   filled for another length
   */
  lengthen(length: RunLength): void {
    checkAgainstTotal(this.given, length);
    const { epochs } = { ...length, ...this.given };
    if (this.filledFor !== null && epochs !== undefined && epochs !== this.filledFor) {
      throw new VogError(
        'SCHEDULE_NEEDS_TOTAL',
        `Windows by fraction hold checkpoints of a run of ${this.filledFor} epochs, and the run is now said to have ${epochs}: ` +
          'what was the last third would be the first. Pass total: { epochs } of the whole run to createTracker, give windows ' +
          'in epochs, or reset().',
      );
    }
    const known = Object.entries(length).filter(([, value]) => value !== undefined);
    this.length = { ...this.length, ...Object.fromEntries(known), ...this.given };
    if (this.observed === null) return;
    // Half of a run is a quarter of one that became twice as long: fractions ahead must still be ahead.
    const { epoch, epochsCompleted, step } = this.observed;
    this.observed = positionAt({ epoch, step, epochEnd: epochsCompleted > epoch }, this.length, null);
  }

  /** Notes that these metrics' gradients were all 0 at a checkpoint. */
  foundZeroGradients(metrics: readonly string[]): void {
    const { zeroGradients } = this.findings;
    for (const metric of metrics) {
      const known = zeroGradients.find(([name]) => name === metric);
      if (known === undefined) zeroGradients.push([metric, 1]);
      else known[1] += 1;
    }
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

function checkAgainstTotal(given: RunLength, told: RunLength): void {
  const contradiction = (what: string): VogError =>
    new VogError(
      'ARGUMENT_INVALID',
      `${what} Correct total, or leave it out: fit tells the length of one call itself.`,
    );
  if (given.epochs !== undefined && told.epochs !== undefined && told.epochs > given.epochs) {
    throw contradiction(
      `total.epochs is ${given.epochs}, but training is about to go on to ${told.epochs} epochs, those before it counted.`,
    );
  }
  const { stepsPerEpoch } = told;
  if (given.stepsPerEpoch !== undefined && stepsPerEpoch !== undefined && stepsPerEpoch !== given.stepsPerEpoch) {
    throw contradiction(`total.stepsPerEpoch is ${given.stepsPerEpoch}, but an epoch has ${stepsPerEpoch} steps.`);
  }
}
