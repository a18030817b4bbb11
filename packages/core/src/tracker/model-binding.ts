import type { Metric } from '../metrics/metric.js';
import { checkInputShapes } from '../model/fit.js';
import type { BoundModel, ModelAdapter, ScorableModel } from '../model/model.js';
import type { Probe } from '../probe/probe.js';
import { type Needs, needsOf } from '../resources/needs.js';
import { taskQuestion } from '../task/resolve.js';
import { inject, injectable } from '../run/injection.js';
import type { TrackerOptions } from '../run/options.js';
import type { RunState } from '../run/run-state.js';
import { TOKENS } from '../run/tokens.js';

/** Makes a model ready for passes over a tracker's probe. */
@injectable()
export class ModelBinding {
  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(TOKENS.modelAdapter) private readonly adapter: ModelAdapter,
  ) {}

  /**
   * Binds the model anew: its layers may have changed since the last checkpoint, or it may be another one.
   *
   * @throws VogError INPUT_SHAPE when it does not take the probe's inputs
   */
  bind(
    model: ScorableModel,
    metrics: readonly Metric[] = this.options.metrics,
  ): { readonly bound: BoundModel; readonly needs: Needs } {
    const needs = needsOf(metrics.map((metric) => metric.requires));
    const question = taskQuestion(this.options.task, this.probe.given);
    const bound = this.adapter.bind(model, this.options.logits ?? {}, needs.features, question);
    checkInputShapes(this.probe.inputShapes, bound);
    this.learnTask(bound);
    return { bound, needs };
  }

  /** Keeps what a model tells of its task, at once or after a forward pass, and reads the labels by it. */
  learnTask({ task }: BoundModel): void {
    if (task === null || task === undefined) return;
    this.run.task = task;
    this.probe.settle(task);
  }
}
