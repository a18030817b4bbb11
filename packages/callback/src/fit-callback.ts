import { checkOptions, flag } from '@vogjs/base';
import { type CheckpointAt, VogError, yieldToHost, type Tracker } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { admit } from './fit-door.js';

/** What tfjs tells a callback about the run. */
interface FitParameters {
  readonly epochs?: number;
  readonly samples?: number | null;
  readonly steps?: number | null;
  readonly batchSize?: number | null;
}

type Logs = Record<string, number | tf.Scalar>;

/** Options of `fitCallback`. */
export interface FitCallbackOptions {
  /**
   * Writes the mean of each metric's first column into the epoch's logs as `NAME_mean` (`vog_mean`; '-' and '.' become
   * '_'), so that the history holds it. A second tracker with the same metric writes `vog_mean_2`. NaN while there is no
   * score, which `earlyStopping` then does not count as an epoch without improvement. The figures of monitors stand there as of the last checkpoint, as `MONITOR_FIGURE`. Default true.
   */
  readonly logs?: boolean;
}

/**
 * The callback that drives a tracker from `fit` and `fitDataset`. Callback instances and plain objects of hooks may
 * stand beside it, in any order. A tracker follows one training: a second fit at the same time is CALLBACK_BUSY, a fit
 * of another model MODEL_CHANGED.
 */
export class FitCallback extends tf.Callback {
  private step = 0;
  private begun = false;
  /** Epochs before this call of fit, when fit counts from 0 again. */
  private offset = 0;
  /** Keys that the last epoch's logs hold as NaN for want of a score. */
  readonly unscored = new Set<string>();

  constructor(
    readonly tracker: Tracker,
    private readonly options: FitCallbackOptions = {},
  ) {
    super();
    if (typeof tracker?.observe !== 'function') {
      throw new VogError('ARGUMENT_INVALID', 'fitCallback needs a tracker: fitCallback(createTracker({ … })).');
    }
    checkOptions('fitCallback', options, { logs: flag });
    admit(this);
    // tfjs takes hooks off their object when the list begins with a plain object, so they are bound here: the mix is
    // then met by our own message instead of a TypeError about `this`.
    this.onTrainBegin = async () => this.trainBegin();
    this.onEpochBegin = async (epoch) => this.epochBegin(epoch);
    this.onBatchBegin = async () => {};
    this.onBatchEnd = async () => this.batchEnd();
    this.onEpochEnd = async (epoch, logs) => this.epochEnd(epoch, logs as Logs | undefined);
    this.onTrainEnd = async () => {};
  }

  override setParams(params: Parameters<tf.Callback['setParams']>[0]): void {
    super.setParams(params);
    // tfjs calls setModel right after it called setParams on the whole list. Where the list was not prepared (a second
    // copy of tfjs) and holds a plain object, its own TypeError comes in between: say what it means.
    this.model = null as unknown as tf.LayersModel;
    queueMicrotask(() => {
      if (this.model === null) console.warn(`VoG.js: ${MIX}`);
    });
  }

  private trainBegin(): void {
    this.trainedModel();
    this.begun = false;
  }

  /** Before the first batch: only here does fitDataset tell its initialEpoch, which is not among its parameters. */
  private async epochBegin(epoch: number): Promise<void> {
    if (this.begun) return;
    const { tracker } = this;
    const { epochs, samples, steps, batchSize } = this.params as unknown as FitParameters;
    // Where training stood, not where it was scored last: a schedule may have passed over the last epochs.
    this.offset = Math.max(0, (tracker.observed?.epochsCompleted ?? 0) - epoch);
    this.step = tracker.observed?.step ?? 0;
    const stepsPerEpoch = steps ?? (samples && batchSize ? Math.ceil(samples / batchSize) : undefined);
    await tracker.begin(this.trainedModel(), {
      epochs: epochs === undefined ? undefined : epochs + this.offset,
      stepsPerEpoch,
    });
    this.epoch = epoch + this.offset;
    this.begun = true;
  }

  /** The epoch being trained, over all calls of fit. */
  private epoch = 0;

  private async batchEnd(): Promise<void> {
    this.step += 1;
    await this.observe({ epoch: this.epoch, step: this.step, epochEnd: false });
    // tfjs itself yields only for plain-object callbacks: with an instance in the list a page would hang through fit.
    await yieldToHost();
  }

  private async epochEnd(epoch: number, logs: Logs | undefined): Promise<void> {
    this.epoch = epoch + this.offset;
    await this.observe({ epoch: this.epoch, step: this.step });
    await (await import('./epoch-logs.js')).tellLogs(this.tracker, this.epoch, logs);
    this.epoch += 1;
    if (logs === undefined || this.options.logs === false) return;
    this.unscored.clear();
    const write = (key: string, value: number): void => {
      const free = freeKey(logs, key);
      logs[free] = value;
      if (Number.isNaN(value)) this.unscored.add(free);
    };
    for (const metric of this.tracker.metrics)
      write(`${metric.replaceAll(/[.-]/g, '_')}_mean`, await this.meanOf(metric));
    for (const [key, figure] of Object.entries(this.tracker.figures)) write(key, figure);
  }

  private async observe(at: CheckpointAt): Promise<void> {
    const model = this.trainedModel();
    await this.tracker.observe(model, at);
    if (this.tracker.stopped) model.stopTraining = true;
  }

  private async meanOf(metric: string): Promise<number> {
    try {
      const scored = (await this.tracker.scores(metric)).values.filter((value) => !Number.isNaN(value));
      return scored.reduce((sum, value) => sum + value, 0) / scored.length;
    } catch (error) {
      // A metric in quarantine has no mean; its own scores() says why, and training goes on.
      if (error instanceof VogError && error.code === 'METRIC_TORN') return Number.NaN;
      throw error;
    }
  }

  private trainedModel(): tf.LayersModel {
    if (!(this.model instanceof tf.LayersModel)) throw new VogError('CALLBACK_MIX', MIX);
    return this.model;
  }
}

/** `key`, or `key_2`, `key_3` … when a tracker before this one in the list has written it. */
function freeKey(logs: Logs, key: string): string {
  let free = key;
  for (let n = 2; free in logs; n++) free = `${key}_${n}`;
  return free;
}

const MIX =
  'tfjs did not set the model on this callback. Two copies of @tensorflow/tfjs may be loaded: make every package use one, or wrap plain objects in the list: ' +
  'callbacks: [difficulty, asCallback({ onEpochEnd })].';

/** Drives a tracker from `fit` and `fitDataset`: `callbacks: [fitCallback(tracker)]`. */
export function fitCallback(tracker: Tracker, options: FitCallbackOptions = {}): FitCallback {
  return new FitCallback(tracker, options);
}
