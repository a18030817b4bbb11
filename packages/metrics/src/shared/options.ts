import { features, penultimate, type Resource, VogError } from '@vogjs/core';
import type * as tf from '@tensorflow/tfjs';

/** Options that every metric takes. */
export interface NameOption {
  /** Name among the metrics of a tracker; by default the metric's own. */
  readonly name?: string;
}

/** Which value stands for a metric that has one at each checkpoint. */
export interface AtOption {
  /** `'mean'` (default): the mean over checkpoints. `'last'`: the value at the last one. */
  readonly at?: 'mean' | 'last';
}

/** Where a metric of the last layer finds that layer. */
export interface LastLayerOptions {
  /** Layer or node whose output the last, linear layer takes. By default found from the model's end. */
  readonly layer?: string;
  /** Whether the last layer has a bias. Default true. */
  readonly bias?: boolean;
}

/** Refuses a value that is none of those an option has. */
export function requireOneOf(where: string, option: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return;
  const expected = allowed.map((each) => JSON.stringify(each)).join(' or ');
  throw invalidOption(where, option, expected, value);
}

/** The error for an option that is not what it must be. */
export function invalidOption(where: string, option: string, expected: string, value: unknown): VogError {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return new VogError('ARGUMENT_INVALID', `${where}: ${option} must be ${expected}; got ${shown}.`);
}

/** The features that the last layer takes: those of the layer named, or those the model adapter finds. */
export function lastFeatures(where: string, { layer, bias = true }: LastLayerOptions): Resource<tf.Tensor> {
  requireOneOf(where, 'bias', bias, [true, false]);
  if (layer === undefined) return penultimate;
  if (typeof layer !== 'string' || layer === '') throw invalidOption(where, 'layer', 'the name of a layer', layer);
  return features(layer);
}
