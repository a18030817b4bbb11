import { callable, checkOf, checkOptions, integer, text } from '@vogjs/base';
import { type Tracker, VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { EpochSaver } from './epoch-saver.js';
import { writeTraining } from './saved-training.js';
import { partsOf } from './training-parts.js';

/** What `autosave` takes. */
export interface AutosaveOptions {
  /** The file that each save replaces; its folder must exist. */
  readonly path: string;
  /** Epochs from one save to the next; the last epoch is always saved. Default 1. */
  readonly every?: number;
  /** The tracker whose callback stands before this one. Without it model and optimizer alone are saved. */
  readonly tracker?: Tracker;
  /** The optimizer of a loop of one's own; default that of the model. */
  readonly optimizer?: tf.Optimizer;
  /** Asked at each save: something of one's own, as JSON, which `resume` gives back. */
  readonly extra?: () => unknown;
}

const CHECKS = {
  path: text,
  every: integer(1),
  tracker: checkOf(
    'what createTracker returned',
    (value) => typeof (value as Partial<Tracker> | null)?.save === 'function',
  ),
  // tfjs's own instanceof reads fields, also of null.
  optimizer: checkOf(
    'a tf.Optimizer',
    (value) => typeof value === 'object' && value !== null && value instanceof tf.Optimizer,
  ),
  extra: callable,
};

/** The callback of `autosave`. */
export class Autosave extends EpochSaver {
  protected readonly every: number;

  constructor(private readonly options: AutosaveOptions) {
    super('autosave', '{ path }');
    checkOptions('autosave', options, CHECKS, ['path']);
    this.every = options.every ?? 1;
  }

  protected async write(model: tf.LayersModel, epoch: number): Promise<void> {
    const { path, tracker, optimizer, extra } = this.options;
    const parts = partsOf('autosave', { model, tracker, optimizer });
    await writeTraining(path, parts, { epoch, extra: asJson(extra?.()) });
  }

  protected begin(model: tf.LayersModel): void {
    partsOf('autosave', { ...this.options, model });
  }

  protected override check(epoch: number): void {
    const { tracker } = this.options;
    const at = tracker?.observed;
    if (tracker !== undefined && (at === null || at === undefined || at.epochsCompleted !== epoch + 1)) {
      throw new VogError(
        'ARGUMENT_INVALID',
        'autosave would save the tracker as of another epoch than the model. ' +
          "Put it after the tracker's own callback: callbacks: [fitCallback(tracker), autosave({ path, tracker })].",
      );
    }
  }
}

/**
 * A fit callback that saves a training after its epochs: weights, optimizer, states of stateful layers and tracker, in
 * one safetensors file that is replaced atomically. A process killed at any moment loses the epoch in hand at most, and
 * `resume` goes on to the same numbers.
 *
 * ```ts
 * const saving = autosave({ path: 'run.safetensors', tracker });
 * await model.fit(xs, ys, { epochs: 20, shuffle: false, callbacks: [fitCallback(tracker), saving] });
 * ```
 *
 * Its epochs are those of `fit`. What it does not save: the data, the order of batches, and random numbers that layers
 * draw without a seed (dropout).
 *
 * @throws VogError ARGUMENT_INVALID; a save that fails rejects `fit`, since going on would risk what is not saved
 */
export function autosave(options: AutosaveOptions): Autosave {
  return new Autosave(options);
}

/** A copy of what JSON keeps of a value. */
function asJson(value: unknown): unknown {
  if (value === undefined) return null;
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null');
  } catch (error) {
    throw new VogError('ARGUMENT_INVALID', `autosave: extra gave what JSON cannot hold: ${String(error)}.`, {
      cause: error,
    });
  }
}
