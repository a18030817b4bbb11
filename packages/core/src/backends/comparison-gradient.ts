import * as tf from '@tensorflow/tfjs';
import type { GradientConfig } from './registry.js';

/** Comparisons without a registered gradient, unlike their sibling GreaterEqual. ThresholdedReLU meets one. */
export const COMPARISONS = ['Equal', 'Greater', 'Less', 'LessEqual', 'NotEqual'] as const;

/** Gradient of a comparison: zero almost everywhere, as tfjs has it for GreaterEqual. */
export const comparisonGradient = (kernelName: string): GradientConfig => ({
  kernelName,
  inputsToSave: ['a', 'b'],
  gradFunc: (_, [a, b]) => ({ a: () => tf.zeros(a!.shape), b: () => tf.zeros(b!.shape) }),
});
