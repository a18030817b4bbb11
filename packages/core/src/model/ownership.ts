import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import type { ForwardPass, LogitsFunction } from './model.js';
import { leavingUntouched } from './untouched.js';

/**
 * The same values under handles of the pass's own. A model may give a tensor that is not the pass's to free: a weight,
 * an input, one that the person keeps.
 */
export function withOwnTensors({ logits, features, ...rest }: ForwardPass): ForwardPass {
  const own = Object.entries(features).map(([name, tensor]) => [name, tf.clone(tensor)] as const);
  return { ...rest, logits: tf.clone(logits), features: Object.fromEntries(own) };
}

/**
 * Calls a model that is a function: one input bare, several as a list. It gets handles of its own, so that what it
 * disposes is not the probe's.
 *
 * @throws VogError LOGITS_UNRESOLVED when the function throws
 */
export function callFunction(model: LogitsFunction, inputs: readonly tf.Tensor[]): tf.Tensor {
  const own = inputs.map((input) => tf.clone(input));
  try {
    return leavingUntouched(null, () => model(own.length === 1 ? (own[0] as tf.Tensor) : own));
  } catch (error) {
    if (error instanceof VogError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const shapes = inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ');
    throw new VogError('LOGITS_UNRESOLVED', `The function given as the model threw for inputs ${shapes}: ${message}`, {
      cause: error,
    });
  }
}

/** Inputs as a list. @throws VogError ARGUMENT_INVALID when they are no tensors */
export function tensorsOf(inputs: tf.Tensor | readonly tf.Tensor[]): readonly tf.Tensor[] {
  const list: readonly unknown[] = Array.isArray(inputs) ? inputs : [inputs];
  const wrong = list.find((input) => !(input instanceof tf.Tensor));
  if (wrong === undefined && list.length > 0 && list.every((input) => input instanceof tf.Tensor)) return list;
  throw new VogError(
    'ARGUMENT_INVALID',
    `The inputs of a model must be a tensor [size, ...] or a list of them, one for each input; got ${list.length === 0 ? 'an empty list' : kindOf(wrong)}.`,
  );
}

/** What a model gave instead of a tensor, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const isPromise = typeof (value as { then?: unknown } | undefined)?.then === 'function';
  return isPromise ? 'a promise; a model function must be synchronous' : typeof value;
}
