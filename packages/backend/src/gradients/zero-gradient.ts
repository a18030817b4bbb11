import * as tf from '@tensorflow/tfjs';
import type { GradientConfig } from '../registry/registry.js';

/**
 * Operations whose values move in steps, by kernel: the names of their inputs. Their gradient is zero almost everywhere.
 *
 * tfjs registers none for most of them: a Masking layer, a padded sequence or a thresholded relu then has no gradient at
 * all. It has a wrong one for FloorDiv (that of the exact quotient), and one that fails on integers for the others.
 */
export const STEPWISE: Readonly<Record<string, readonly string[]>> = {
  All: ['x'],
  Any: ['x'],
  ArgMax: ['x'],
  ArgMin: ['x'],
  Equal: ['a', 'b'],
  FloorDiv: ['a', 'b'],
  Greater: ['a', 'b'],
  GreaterEqual: ['a', 'b'],
  Less: ['a', 'b'],
  LessEqual: ['a', 'b'],
  LogicalAnd: ['a', 'b'],
  LogicalNot: ['x'],
  LogicalOr: ['a', 'b'],
  LogicalXor: ['a', 'b'],
  NotEqual: ['a', 'b'],
  SearchSorted: ['sortedSequence', 'values'],
};

/** A gradient of zeros, float32 whatever the dtype of the input: the tape takes no other. */
export const zeroGradient = (kernelName: string): GradientConfig => ({
  kernelName,
  inputsToSave: [...STEPWISE[kernelName]!],
  gradFunc: (_, saved) =>
    Object.fromEntries(STEPWISE[kernelName]!.map((name, k) => [name, () => tf.zeros(saved[k]!.shape)])),
});

/** Gradient of a cast: none passes an integer or a boolean. The stock one hands dy through, as if nothing were cut off. */
export const castGradient = (original: GradientConfig): GradientConfig => ({
  ...original,
  gradFunc: (dy, saved, attrs) => {
    const stepwise = attrs['dtype'] === 'int32' || attrs['dtype'] === 'bool';
    return stepwise ? { x: () => tf.zerosLike(dy as tf.Tensor) } : original.gradFunc(dy, saved, attrs);
  },
});
