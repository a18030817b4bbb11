import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../registry/registry.js';

/**
 * Batch normalisation whose absent scale or offset becomes ones or zeros while a tape records.
 *
 * tfjs saves the scale for the gradient and walks every input of the tape, absent ones too: the gradient of a layer
 * with `scale: false` or `center: false` ends in "Cannot read properties of undefined". The engine hands the kernel
 * the very record that it saves and tapes, so completing it here is enough.
 */
export function batchNormWithDefaults(original: KernelFunction): KernelFunction {
  return (args) => {
    const { inputs } = args;
    if (tf.engine().state.gradientDepth > 0) {
      inputs['scale'] ??= tf.ones(inputs['mean']!.shape);
      inputs['offset'] ??= tf.zeros(inputs['mean']!.shape);
    }
    return original(args);
  };
}
