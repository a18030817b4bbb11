import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { type GradientConfig, withRegistry } from '../registry/registry.js';
import { batchNormInputGradient } from './batch-norm-gradient.js';
import { reluInputGradient } from './relu-gradient.js';

/**
 * Kernels that only serve weights. tfjs runs them for every input gradient through a fused convolution without
 * activation (fused/conv2d.ts:259): both derivatives are computed before the tape asks for one of them.
 */
const FILTER_GRADIENTS = ['Conv2DBackpropFilter', 'Conv3DBackpropFilterV2', 'DepthwiseConv2dNativeBackpropFilter'];

/**
 * Stands in for a filter gradient that nobody reads. A scalar: no filter has that shape, so the tape stops with an
 * error about shapes if a weight's gradient is asked for inside a lean section, instead of learning from zeros.
 */
const skipped = (kernelName: string, backendName: string): tf.KernelConfig => ({
  kernelName,
  backendName,
  kernelFunc: () => tf.scalar(0),
});

/** Cheaper gradients with respect to x, by the kernel whose gradient they stand in for. */
const INPUT_GRADIENTS: Readonly<Record<string, (original: GradientConfig) => GradientConfig>> = {
  FusedBatchNorm: batchNormInputGradient,
  Relu: reluInputGradient,
};

/**
 * Runs one synchronous section in which an input gradient costs only what it needs: filter gradients are skipped and
 * the gradient of batch normalisation computes dx alone. On ResNet-18 a third of the work of plain `tf.grad` goes.
 *
 * Within the section only gradients with respect to inputs are valid; a filter's gradient ends in an error. May be
 * nested. Afterwards, also after an exception, the registry of TensorFlow.js holds exactly the objects it held
 * before, on whatever backend was active at the start.
 *
 * @param run Synchronous, for example `() => tf.grad(logits)(x, onehot)`.
 * @returns What `run` returns.
 * @throws VogError 'ARGUMENT_INVALID' when `run` returns a promise: what it does after its first await runs outside
 *   the section, and would run beside other code if it did not.
 */
export function withLeanGradients<T>(run: () => T): T {
  const backend = tf.getBackend();
  const kernels = FILTER_GRADIENTS.map((kernelName) => skipped(kernelName, backend));
  const gradients = Object.entries(INPUT_GRADIENTS).flatMap(([kernelName, make]) => {
    const original = tf.getGradient(kernelName);
    return original ? [make(original)] : [];
  });
  const result = withRegistry(kernels, gradients, run);
  if (typeof (result as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function') {
    throw new VogError(
      'ARGUMENT_INVALID',
      'withLeanGradients: run returned a promise. Compute the gradient inside and await its data() outside.',
    );
  }
  return result;
}
