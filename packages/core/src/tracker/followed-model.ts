import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import type { ScorableModel } from '../model/model.js';
import { inject, injectable } from '../run/injection.js';
import type { TrackerOptions } from '../run/options.js';
import { ModelBinding } from './model-binding.js';
import { Preflight } from './preflight.js';
import type { RunState } from '../run/run-state.js';
import { TOKENS } from '../run/tokens.js';

/** Holds a tracker to one model, unless it was asked to take any. */
@injectable()
export class FollowedModel {
  constructor(
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(ModelBinding) private readonly binding: ModelBinding,
    @inject(Preflight) private readonly preflight: Preflight,
  ) {}

  /** Refuses another model than the one whose checkpoints were taken. */
  follow(model: ScorableModel): void {
    const known = this.run.model;
    const other = known !== null && this.run.checkpoints > 0 && !isSameModel(known, model);
    if (other && this.options.models !== 'any') {
      // What is no model at all is told as such.
      this.binding.bind(model);
      throw new VogError(
        'MODEL_CHANGED',
        'This tracker has scored another model: two models in one trajectory give scores that mean nothing. Make a tracker ' +
          '(or callback) for each model, or call reset() first. For saved checkpoints of one training that are each loaded ' +
          "into a model of their own, pass models: 'any' to createTracker.",
      );
    }
    this.run.model = model;
  }

  /** The same in the midst of a run; where several are allowed, each is checked as the first was. */
  async meet(model: ScorableModel): Promise<void> {
    const known = this.run.model;
    this.follow(model);
    if (known === null || isSameModel(known, model)) return;
    const { classes } = this.run;
    await this.preflight.checkModel(model, false);
    if (classes === null || this.run.classes === classes || this.run.checkpoints === 0) return;
    const given = this.run.classes;
    this.run.classes = classes;
    throw new VogError(
      'MODEL_CHANGED',
      `The model has ${given} classes, and the one scored before had ${classes}. Make a tracker for each model.`,
    );
  }
}

/**
 * Whether `given` is the model that a tracker follows: the same object, the LayersModel inside a Sequential, the model
 * before or after `add()` and `pop()`, or a view of its layers. A copy is another model, also when its weights are equal.
 *
 * Functions are told apart by their source text: a loop may write its function anew at each checkpoint, and what such a
 * function closes over cannot be seen.
 */
function isSameModel(known: ScorableModel, given: ScorableModel): boolean {
  if (known === given) return true;
  if (known instanceof tf.LayersModel && given instanceof tf.LayersModel) {
    const [mine, theirs] = [weightsOf(known), weightsOf(given)];
    const [fewer, more] = mine.size < theirs.size ? [mine, theirs] : [theirs, mine];
    return fewer.size > 0 && [...fewer].every((weight) => more.has(weight));
  }
  if (isFunction(known) && isFunction(given)) return String(known) === String(given);
  return false;
}

/** The live weights themselves: tfjs makes a new array of the same variables at each call. */
function weightsOf(model: tf.LayersModel): Set<unknown> {
  return new Set(model.weights);
}

function isFunction(model: ScorableModel): boolean {
  return typeof model === 'function';
}
