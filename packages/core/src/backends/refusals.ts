import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import type { GradientConfig, KernelFunction } from './registry.js';

/** Kernels that TensorFlow.js registers no gradient for and that appear in models, with what to use instead. */
export const GRADIENTLESS: Readonly<Record<string, string>> = {
  DepthToSpace: 'use reshape and transpose instead of depthToSpace',
  Einsum: 'write the product with matMul, transpose and reshape instead of einsum',
  GatherNd: 'use gather on a reshaped tensor, or a product with a one-hot tensor, instead of gatherND',
  StridedSlice: 'use slice, or reshape and slice, instead of stridedSlice',
};

const FORWARD_ONLY = 'or choose metrics that need only a forward pass';

function refuse(operation: string, wayOut: string): never {
  throw new VogError(
    'GRADIENT_UNSUPPORTED',
    `TensorFlow.js has no gradient for ${operation} (backend '${tf.getBackend()}'). ` +
      `The model needs one on the way from its input to its logits: ${wayOut}, ${FORWARD_ONLY}.`,
  );
}

/** A gradient that says what is missing, where tfjs says "gradient function not found" or nothing. */
export function gradientlessRefusal(kernelName: string): GradientConfig {
  return { kernelName, gradFunc: () => refuse(kernelName, GRADIENTLESS[kernelName] ?? 'replace the layer') };
}

const DILATED_WAY_OUT =
  'replace the layer by an undilated one, or by spaceToBatchND, a convolution and batchToSpaceND, which have gradients';

function refuseDilation(kernelName: string, dilations: unknown): void {
  const rates = [dilations ?? 1].flat() as number[];
  if (rates.every((rate) => rate === 1)) return;
  refuse(`a dilated convolution (${kernelName}, dilations [${rates.join(', ')}])`, DILATED_WAY_OUT);
}

/** The gradient of a convolution, refusing dilation by a coded error where tfjs asserts. */
export function undilatedGradient(original: GradientConfig): GradientConfig {
  return {
    ...original,
    gradFunc: (dy, saved, attrs) => {
      refuseDilation(original.kernelName, attrs['dilations']);
      return original.gradFunc(dy, saved, attrs);
    },
  };
}

/**
 * A fused convolution that refuses dilation while a tape records. Its gradient is a closure inside tfjs that no
 * registry reaches, so the forward kernel is the last place to say it.
 */
export function undilatedWhileRecording(kernelName: string, original: KernelFunction): KernelFunction {
  return (args) => {
    if (tf.engine().state.gradientDepth > 0) refuseDilation(kernelName, args.attrs?.['dilations']);
    return original(args);
  };
}

/** A gradient kernel that is known to be wrong and not worth a repair. */
export function wrongKernelRefusal(kernelName: string): KernelFunction {
  return () => refuse(`${kernelName}, whose kernel on this backend is wrong`, 'use the cpu or tfjs-node backend');
}

/** The gradient of a gather, refusing the integer indices by a coded error where tfjs complains about a dtype. */
export function gatherGradient(original: GradientConfig): GradientConfig {
  const indices = (): never =>
    refuse(
      'the integer input of an embedding (GatherV2 indices)',
      "differentiate with respect to the embedding's output, by a model that starts there",
    );
  return { ...original, gradFunc: (...args) => ({ ...original.gradFunc(...args), indices }) };
}
