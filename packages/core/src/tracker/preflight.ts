import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import type { Clock } from '../pass/clock.js';
import { inject, injectable } from '../run/injection.js';
import { TOKENS } from '../run/tokens.js';
import { ModelBinding } from './model-binding.js';
import { leaveUnsetCpuBackend, prepareBackend, settleDevice } from '@vogjs/backend';
import type { GradientEngine } from '../gradients/input-gradient.js';
import type { ScorableModel } from '../model/model.js';
import { withClasses } from '../model/fit.js';
import { checkLabelRange } from '../labels/labels.js';
import { refuseForTask } from '../task/refusals.js';
import { hasClasses } from '../task/task.js';
import type { Probe } from '../probe/probe.js';
import type { Needs } from '../resources/needs.js';
import { type ChunkChoice, TRIAL_EXAMPLES } from '../pass/chunk-choice.js';
import type { Logger } from '../pass/logger.js';
import type { TrackerOptions } from '../run/options.js';
import type { RunState } from '../run/run-state.js';
import { chooseByTrial } from '../pass/trial.js';

/** Everything that can be known to be wrong before training starts, refused then. */
@injectable()
export class Preflight {
  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(ModelBinding) private readonly binding: ModelBinding,
    @inject(TOKENS.gradientEngine) private readonly gradientEngine: GradientEngine,
    @inject(TOKENS.clock) private readonly clock: Clock,
    @inject(TOKENS.logger) private readonly logger: Logger,
  ) {}

  /** What needs the run's length. */
  checkLength(): void {
    if (this.run.length.epochs !== undefined) return;
    const schedules = [this.options.schedule, ...this.options.metrics.map(({ schedule }) => schedule)];
    const fractionWindow = Object.entries(this.options.windows ?? {}).find(([, range]) => range.unit === 'fraction');
    if (schedules.some((schedule) => schedule?.needsTotal === true) || fractionWindow !== undefined) {
      throw new VogError(
        'SCHEDULE_NEEDS_TOTAL',
        `${fractionWindow === undefined ? 'The schedule' : `Window '${fractionWindow[0]}'`} is a fraction of the whole run, whose length is not known. ` +
          'Pass total: { epochs: N } to createTracker, or use epochs and steps.',
      );
    }
  }

  /**
   * What needs the model: shapes, layers, logits, labels. Runs one forward pass over a few examples, and where `measure`
   * asks for it the passes that choose a chunk size.
   */
  async checkModel(model: ScorableModel, measure: boolean): Promise<ChunkChoice | null> {
    await this.probe.prepare();
    await leaveUnsetCpuBackend((line) => this.logger.warn(line));
    await prepareBackend();
    const { bound, needs } = this.binding.bind(model);
    this.checkTask();
    if (!needs.forward) return null;
    const inputs = await this.probe.read(0, Math.min(TRIAL_EXAMPLES, this.probe.size));
    try {
      checkDifferentiable(inputs, needs);
      const held = withClasses(bound, this.run.checkpoints > 0 ? this.run.classes : null);
      const logits = tf.tidy(() => held.forward(inputs).logits);
      try {
        this.binding.learnTask(bound);
        this.checkTask();
        await this.checkLogits(logits, needs);
      } finally {
        logits.dispose();
      }
      if (!measure) return null;
      const { probe, gradientEngine, clock } = this;
      const { metrics, workingMemory } = this.options;
      const requires = metrics.map((metric) => metric.requires);
      return await chooseByTrial({
        model: bound,
        probe,
        sample: inputs,
        requires,
        workingMemory,
        gradientEngine,
        clock,
      });
    } finally {
      tf.dispose(inputs);
    }
  }

  /** Refuses metrics that mean nothing for what the model trains for. */
  private checkTask(): void {
    const { task } = this.run;
    if (task !== null)
      for (const metric of this.options.metrics) refuseForTask('Metric', metric.name, metric.tasks, task);
  }

  private async checkLogits(logits: tf.Tensor2D, { gradients }: Needs): Promise<void> {
    const classes = logits.shape[1];
    this.run.classes = classes;
    if (this.options.classes !== undefined && this.options.classes !== classes) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `classes is ${this.options.classes}, but the model's logits have ${classes}.`,
      );
    }
    const { labels } = this.probe;
    if (labels !== null) checkLabelRange(labels, classes, 'the model');
    for (const { label } of gradients.values()) {
      if (label instanceof Int32Array) checkLabelRange(label, classes, 'the model');
    }
    const values = await logits.data();
    await settleDevice('in the trial pass before training');
    const isOfClasses = this.run.task === null || hasClasses(this.run.task);
    if (isOfClasses && looksLikeProbabilities(values, classes)) {
      throw new VogError(
        'LOGITS_UNRESOLVED',
        'What was found as logits are probabilities: every value lies in [0, 1] and every row sums to 1. ' +
          "Point logits: { layer: '…' } at the layer before the softmax, or pass a function that returns logits.",
      );
    }
    const doubt = this.run.task?.doubt;
    if (doubt !== undefined) throw new VogError('TASK_MISMATCH', doubt);
  }
}

/** Refuses whole-number inputs of which a gradient is wanted, before training and not at its first checkpoint. */
function checkDifferentiable(inputs: readonly tf.Tensor[], { gradients }: Needs): void {
  for (const { input } of gradients.values()) {
    const { dtype } = inputs[input] ?? { dtype: 'float32' };
    if (dtype === 'float32') continue;
    throw new VogError(
      'GRADIENT_UNSUPPORTED',
      `Input ${input} of the probe is ${dtype}: only float32 inputs have a gradient. For images and other whole numbers give inputs.toFloat(). ` +
        'For token ids, score the model from its embedding on, or use metrics that need no gradient.',
    );
  }
}

function looksLikeProbabilities(values: ArrayLike<number>, classes: number): boolean {
  for (let row = 0; row < values.length; row += classes) {
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const value = values[row + c] as number;
      if (!(value >= 0 && value <= 1)) return false;
      sum += value;
    }
    if (Math.abs(sum - 1) > 1e-4) return false;
  }
  return true;
}
