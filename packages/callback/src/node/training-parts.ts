import { type Tracker, VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';

/** What is saved together. */
export interface TrainingParts {
  readonly model: tf.LayersModel;
  readonly optimizer: tf.Optimizer;
  readonly tracker?: Tracker | undefined;
}

/** The parts as a caller names them: the optimizer may be the one that the model was compiled with. */
export interface GivenParts {
  readonly model: tf.LayersModel;
  readonly optimizer?: tf.Optimizer | undefined;
  readonly tracker?: Tracker | undefined;
}

/** @throws VogError ARGUMENT_INVALID for what is no model, or one without an optimizer */
export function partsOf(what: string, { model, optimizer, tracker }: GivenParts): TrainingParts {
  if (!(model instanceof tf.LayersModel)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${what} needs the model that is trained: a tf.LayersModel or tf.Sequential.`,
    );
  }
  const chosen = optimizer ?? (model.optimizer as tf.Optimizer | null | undefined);
  // tfjs's own instanceof reads fields, also of null.
  if (typeof chosen !== 'object' || chosen === null || !(chosen instanceof tf.Optimizer)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${what}: the model has no optimizer. Call model.compile() first, or pass the one of your own loop: { optimizer }.`,
    );
  }
  if (tracker !== undefined && typeof tracker?.save !== 'function') {
    throw new VogError('ARGUMENT_INVALID', `${what}: tracker must be what createTracker returned.`);
  }
  return { model, optimizer: chosen, tracker };
}
