import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import type { GradientConfig, KernelFunction } from './registry.js';

/** Kernels that have no gradient here and that appear in models, with what to use instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  Einsum: 'write the product with matMul, transpose and reshape instead of einsum',
  FFT: 'take the spectrum before the model, as its input',
  RotateWithOffset: 'rotate the images before the model, as its input',
  Transform: 'transform the images before the model, as its input',
};

/**
 * Every kernel that TensorFlow.js runs and that has neither a gradient of its own nor one of ours. Asked for, it is said
 * by code, where tfjs says "gradient function not found".
 */
export const GRADIENTLESS: readonly string[] = [
  'Bincount',
  'BitwiseAnd',
  'Complex',
  'DenseBincount',
  'Diag',
  'Einsum',
  'FFT',
  'IFFT',
  'Imag',
  'MaxPoolWithArgmax',
  'Multinomial',
  'NonMaxSuppressionV3',
  'NonMaxSuppressionV4',
  'NonMaxSuppressionV5',
  'RaggedGather',
  'RaggedRange',
  'RaggedTensorToTensor',
  'Real',
  'RotateWithOffset',
  'ScatterNd',
  'SparseFillEmptyRows',
  'SparseReshape',
  'SparseSegmentMean',
  'SparseSegmentSum',
  'SparseToDense',
  'TensorScatterUpdate',
  'Transform',
  'Unique',
];

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
  return { kernelName, gradFunc: () => refuse(kernelName, INSTEAD[kernelName] ?? 'replace the layer') };
}

const DILATED_WAY_OUT =
  'replace the layer by an undilated one, or by spaceToBatchND, a convolution and batchToSpaceND, which have gradients';

function refuseDilation(kernelName: string, dilations: unknown): void {
  const rates = [dilations ?? 1].flat() as number[];
  if (rates.every((rate) => rate === 1)) return;
  refuse(`a dilated convolution (${kernelName}, dilations [${rates.join(', ')}])`, DILATED_WAY_OUT);
}

function refuseRounding(kernelName: string, mode: unknown): void {
  if (mode !== 'round' && mode !== 'ceil') return;
  refuse(`${kernelName} with dimRoundingMode '${mode}'`, "use dimRoundingMode 'floor', or padding 'same' or 'valid'");
}

/** The gradient of a convolution, refusing dilation by a coded error where tfjs asserts, and rounded output sizes. */
export function undilatedGradient(original: GradientConfig): GradientConfig {
  return {
    ...original,
    gradFunc: (dy, saved, attrs) => {
      refuseDilation(original.kernelName, attrs['dilations']);
      // A depthwise convolution minds the mode.
      if (original.kernelName === 'Conv2D') refuseRounding('Conv2D', attrs['dimRoundingMode']);
      return original.gradFunc(dy, saved, attrs);
    },
  };
}

/** The gradient of a pool, refusing output sizes that are not rounded down: the stock one forgets the last windows. */
export function unroundedGradient(original: GradientConfig): GradientConfig {
  return {
    ...original,
    gradFunc: (dy, saved, attrs) => {
      refuseRounding(original.kernelName, attrs['dimRoundingMode']);
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
    if (tf.engine().state.gradientDepth > 0) {
      refuseDilation(kernelName, args.attrs?.['dilations']);
      if (kernelName === 'FusedConv2D') refuseRounding(kernelName, args.attrs?.['dimRoundingMode']);
    }
    return original(args);
  };
}

/** A gradient kernel that is known to be wrong, or is not there, and not worth a repair. */
export function wrongKernelRefusal(kernelName: string): KernelFunction {
  return () =>
    refuse(`${kernelName}, whose kernel on this backend is wrong or missing`, 'use the cpu or tfjs-node backend');
}

/** Refuses the integer indices of an operation that picks entries, where tfjs complains about a dtype. */
export function refuseIndices(kernelName: string): never {
  return refuse(
    `the integer input of an embedding (${kernelName} indices)`,
    "differentiate with respect to the embedding's output, by a model that starts there",
  );
}

/** The gradient of a gather, refusing the indices by a coded error. */
export function gatherGradient(original: GradientConfig): GradientConfig {
  return {
    ...original,
    gradFunc: (...args) => ({ ...original.gradFunc(...args), indices: () => refuseIndices('GatherV2') }),
  };
}

/** The gradient of crops, refusing where they lie. */
export function refuseBoxes(): never {
  return refuse(
    'the boxes of cropAndResize',
    'give the boxes as constants, or differentiate with respect to the image only',
  );
}
