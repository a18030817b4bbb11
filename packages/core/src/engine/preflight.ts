import * as tf from '@tensorflow/tfjs';
import { refuseUnknownKeys, VogError } from '@vogjs/base';
import { inject, injectable } from './injection.js';
import { settleDevice, repairBackend, leaveUnsetCpuBackend } from '@vogjs/backend';
import type { Metric } from '../metrics/metric.js';
import type { ScorableModel } from '../model/adapter.js';
import { withClasses } from '../model/fit.js';
import { checkLabelRange } from '../probe/labels.js';
import { refuseForTask } from '../task/refusals.js';
import { checkTaskKind } from '../task/resolve.js';
import { hasClasses } from '../task/task.js';
import type { Probe } from '../probe/probe.js';
import { type Needs, needsOf } from '../resources/resolver.js';
import { checkWindows } from '../schedule/segments.js';
import { CheckpointPass } from './checkpoint-pass.js';
import { type ChunkChoice, TRIAL_EXAMPLES } from './chunk-choice.js';
import { TOKENS } from './container.js';
import type { Logger } from './logger.js';
import type { TrackerOptions } from './options.js';
import type { RunState } from './run-state.js';
import { Trial } from './trial.js';

/** Everything that can be known to be wrong before training starts, refused then. */
@injectable()
export class Preflight {
  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(CheckpointPass) private readonly pass: CheckpointPass,
    @inject(Trial) private readonly trial: Trial,
    @inject(TOKENS.logger) private readonly logger: Logger,
  ) {}

  /** What needs no model. */
  checkOptions(metrics: readonly Metric[]): void {
    const {
      windows = {},
      chunkSize,
      memoryBudget,
      workingMemory,
      onError,
      onDiverged,
      models,
      classes,
      schedule,
      total = {},
      logits = {},
      provide = {},
      task,
    } = this.options;
    checkTaskKind('createTracker', task);
    if (!Array.isArray(metrics) || metrics.length === 0) {
      throw new VogError('METRIC_INVALID', 'metrics is empty. Give at least one, such as vog().');
    }
    const names = new Set<string>();
    for (const metric of metrics) {
      if (typeof metric?.update !== 'function') throw new VogError('METRIC_INVALID', noMetric(metric));
      if (names.has(metric.name)) {
        throw new VogError(
          'METRIC_DUPLICATE',
          `Two metrics are named '${metric.name}'. Give one another name, such as vog({ name: 'vog-softmax' }).`,
        );
      }
      names.add(metric.name);
      const plugin = { kind: 'metric', name: metric.name } as const;
      if (Object.keys(windows).length > 0 && metric.merge === undefined) {
        throw new VogError(
          'METRIC_INVALID',
          `Metric '${metric.name}' has no merge, which windows need: 'complete' is the merge of all. Add merge, or leave out windows.`,
          { plugin },
        );
      }
      if (needsLabels(metric, task) && this.options.labels === undefined) {
        throw new VogError(
          'LABEL_INVALID',
          `Metric '${metric.name}' needs labels and the probe has none. Pass labels, or use a metric without them, such as vog({ label: 'predicted' }).`,
          { plugin },
        );
      }
      for (const { label, input } of needsOf([metric.requires]).gradients.values()) {
        if (input >= this.probe.inputShapes.length) {
          throw new VogError(
            'ARGUMENT_INVALID',
            `Metric '${metric.name}' wants the gradient of input ${input}; the probe has ${this.probe.inputShapes.length}, counted from 0.`,
            { plugin },
          );
        }
        if (label instanceof Int32Array && label.length !== this.probe.size) {
          throw new VogError(
            'INPUT_SHAPE',
            `Metric '${metric.name}' fixes ${label.length} labels for a probe of ${this.probe.size} examples.`,
            { plugin },
          );
        }
      }
    }
    checkWindows(windows);
    const positive = (name: string, value: number | undefined): void => {
      if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
        throw new VogError('ARGUMENT_INVALID', `${name} must be a positive integer; got ${value}.`);
      }
    };
    positive('chunkSize', chunkSize);
    positive('memoryBudget', memoryBudget);
    positive('workingMemory', workingMemory);
    if (chunkSize !== undefined && workingMemory !== undefined) {
      throw new VogError(
        'ARGUMENT_INVALID',
        'chunkSize and workingMemory were both given: a chunk size of your own leaves nothing to choose. Leave one out.',
      );
    }
    positive('classes', classes);
    positive('total.epochs', total.epochs);
    positive('total.stepsPerEpoch', total.stepsPerEpoch);
    refuseUnknownKeys('total', total, ['epochs', 'stepsPerEpoch']);
    refuseUnknownKeys('logits', logits, ['layer', 'output']);
    refuseUnknownKeys('provide', provide, ['modelAdapter', 'gradientEngine', 'stateStore', 'clock', 'logger']);
    for (const given of [schedule, ...metrics.map((metric) => metric.schedule)]) {
      if (given !== undefined && typeof given !== 'function') {
        throw new VogError(
          'ARGUMENT_INVALID',
          `schedule must be a function, such as everyEpoch(); got ${typeof given}.`,
        );
      }
    }
    if (onError !== undefined && onError !== 'throw' && onError !== 'quarantine') {
      throw new VogError('ARGUMENT_INVALID', `onError must be 'throw' or 'quarantine'; got '${String(onError)}'.`);
    }
    oneOf('onDiverged', onDiverged, ['skip', 'refuse', 'stop']);
    oneOf('models', models, ['one', 'any']);
    const isOfClasses = task === undefined || hasClasses({ kind: task });
    if (isOfClasses && this.probe.given?.width === 1 && this.probe.labels !== null && this.probe.classes !== null) {
      checkLabelRange(this.probe.labels, this.probe.classes, 'the list of classes');
    }
  }

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
  async checkModel(model: ScorableModel, metrics: readonly Metric[], measure: boolean): Promise<ChunkChoice | null> {
    await this.probe.prepare();
    await leaveUnsetCpuBackend((line) => this.logger.warn(line));
    repairBackend();
    const { bound, needs } = this.pass.bind(model, metrics);
    this.checkTask(metrics);
    if (!needs.forward) return null;
    const inputs = await this.probe.read(0, Math.min(TRIAL_EXAMPLES, this.probe.size));
    try {
      checkDifferentiable(inputs, needs);
      const held = withClasses(bound, this.run.checkpoints > 0 ? this.run.classes : null);
      const logits = tf.tidy(() => held.forward(inputs).logits);
      try {
        this.pass.learnTask(bound);
        this.checkTask(metrics);
        await this.checkLogits(logits, needs);
      } finally {
        logits.dispose();
      }
      return measure ? await this.trial.choose({ bound, needs }, metrics, inputs) : null;
    } finally {
      tf.dispose(inputs);
    }
  }

  /** Refuses metrics that mean nothing for what the model trains for. */
  private checkTask(metrics: readonly Metric[]): void {
    const { task } = this.run;
    if (task !== null) for (const metric of metrics) refuseForTask('Metric', metric.name, metric.tasks, task);
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
          "Point logits: { layer: '…' } at the layer before the softmax, or pass a function that returns logits. " +
          "A gradient through the softmax vanishes for confident examples; for that reading on purpose use activation: 'softmax'.",
      );
    }
    const doubt = this.run.task?.doubt;
    if (doubt !== undefined) throw new VogError('TASK_MISMATCH', doubt);
  }
}

/** Whether a metric can do without labels in no way that the options allow for. */
function needsLabels({ requires }: Metric, task: TrackerOptions['task']): boolean {
  const { labels, gradients } = needsOf([requires]);
  if (task !== 'regression' || !labels) return labels;
  // The output of a regression is differentiated without a target.
  const others = Object.values(requires).filter((resource) => resource.needs?.gradient?.activation !== 'logit');
  return gradients.size === 0 || needsOf([Object.fromEntries(others.map((one) => [one.key, one]))]).labels;
}

/** Refuses whole-number inputs of which a gradient is wanted, before training and not at its first checkpoint. */
function checkDifferentiable(inputs: readonly tf.Tensor[], { gradients }: Needs): void {
  for (const { input } of gradients.values()) {
    const { dtype } = inputs[input] ?? { dtype: 'float32' };
    if (dtype === 'float32') continue;
    throw new VogError(
      'GRADIENT_UNSUPPORTED',
      `Input ${input} of the probe is ${dtype}: only float32 inputs have a gradient. For images and other whole numbers give inputs.toFloat(). ` +
        "For token ids, score the model from its embedding's output on, or use metrics that need no gradient.",
    );
  }
}

function noMetric(given: unknown): string {
  // Its rejection, if any, is not what went wrong here.
  if (given instanceof Promise) {
    given.catch(() => {});
    return (
      'metrics holds a promise, not a metric. Await it: await prototypicality(model, probe) and its like give scores of ' +
      'their own, beside the tracker; a factory of your own may give a metric.'
    );
  }
  if (Array.isArray(given)) return 'metrics holds an array, not a metric. Spread it: metrics: [...vogOodMetrics()].';
  return `metrics holds ${given === null ? 'null' : typeof given}, not a metric. Call its factory: vog(), not vog; or make one with defineMetric.`;
}

function oneOf(name: string, value: unknown, known: readonly string[]): void {
  if (value === undefined || known.includes(value as string)) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `${name} must be ${known.map((word) => `'${word}'`).join(' or ')}; got '${String(value)}'.`,
  );
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
