import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { averagePool3dGradient, averagePoolGradient } from './average-pool-gradient.js';
import { mirrorPadGradient, resizeGradient } from './axis-map-gradient.js';
import { batchNormWithDefaults } from './batch-norm-defaults.js';
import { COMPARISONS, comparisonGradient } from './comparison-gradient.js';
import {
  gatherGradient,
  GRADIENTLESS,
  gradientlessRefusal,
  undilatedGradient,
  undilatedWhileRecording,
  wrongKernelRefusal,
} from './refusals.js';
import { type GradientConfig, type KernelFunction, repairGradient, repairKernel, undoRepairs } from './registry.js';
import { convolution3dFilterGradient, convolution3dInputGradient } from './wasm/convolution-3d-gradients.js';
import { convolutionFilterGradient } from './wasm/convolution-filter-gradient.js';
import { convolutionInputGradient } from './wasm/convolution-input-gradient.js';
import { depthwiseFilterGradient } from './wasm/depthwise-filter-gradient.js';
import { depthwiseInputGradient } from './wasm/depthwise-input-gradient.js';
import { sharedIdentity } from './wasm/identity.js';
import { matrixProduct } from './wasm/matrix-product.js';
import { maxPoolGradient } from './wasm/max-pool-gradient.js';
import { oneHot } from './wasm/one-hot.js';
import { explicitSamePadding } from './wasm/same-padding.js';
import { segmentSum } from './wasm/segment-sum.js';
import { contiguousSlice } from './wasm/slice.js';
import { firstMaximumGradient as webglMaxPoolGradient } from './webgl/max-pool-gradient.js';
import { convertingCast } from './webgpu/cast.js';
import { firstMaximumGradient } from './webgpu/max-pool-gradient.js';

/** What {@link repairBackend} did, in words for a log line or a report. */
export interface RepairReport {
  /** Name of the backend, as `tf.getBackend()` gives it. */
  readonly backend: string;
  /** Faults of TensorFlow.js that are made right, for example 'AvgPoolGrad with padding'. */
  readonly repaired: readonly string[];
  /** Gradients that do not exist: asking for one throws VogError('GRADIENT_UNSUPPORTED'). */
  readonly refused: readonly string[];
}

interface KernelRepair {
  readonly name: string;
  readonly backends: readonly string[];
  readonly kernelName: string;
  /** The right kernel; `undefined` when it needs the stock one and the backend has none. */
  readonly make: (original: KernelFunction | undefined) => KernelFunction | undefined;
}
interface GradientRepair {
  readonly name: string;
  readonly kernelName: string;
  readonly make: (original: GradientConfig | undefined) => GradientConfig | undefined;
}

const WASM = ['wasm'];
const WEBGL = ['webgl'];
const WEBGPU = ['webgpu'];
/** tfjs-node ('tensorflow') runs TensorFlow's own kernels, which are exact. */
const JAVASCRIPT = ['cpu', 'wasm', 'webgl', 'webgpu'];
const EVERYWHERE = [...JAVASCRIPT, 'tensorflow'];

/** For a repair that calls the stock kernel. */
const wrap =
  (repair: (original: KernelFunction) => KernelFunction): KernelRepair['make'] =>
  (original) =>
    original && repair(original);

const KERNELS: readonly KernelRepair[] = [
  {
    name: 'gradient of BatchNorm without scale or offset',
    backends: EVERYWHERE,
    kernelName: 'FusedBatchNorm',
    make: wrap(batchNormWithDefaults),
  },
  {
    name: 'AvgPoolGrad with padding',
    backends: JAVASCRIPT,
    kernelName: 'AvgPoolGrad',
    make: wrap(averagePoolGradient),
  },
  {
    name: 'AvgPool3DGrad with padding',
    backends: JAVASCRIPT,
    kernelName: 'AvgPool3DGrad',
    make: wrap(averagePool3dGradient),
  },
  {
    name: 'ResizeBilinearGrad',
    backends: JAVASCRIPT,
    kernelName: 'ResizeBilinearGrad',
    make: wrap(() => resizeGradient(tf.image.resizeBilinear)),
  },
  {
    name: 'ResizeNearestNeighborGrad',
    backends: JAVASCRIPT,
    kernelName: 'ResizeNearestNeighborGrad',
    make: wrap(() => resizeGradient(tf.image.resizeNearestNeighbor)),
  },
  {
    name: "Conv2D with padding 'same' and a large stride",
    backends: WASM,
    kernelName: 'Conv2D',
    make: wrap(explicitSamePadding),
  },
  {
    name: "FusedConv2D with padding 'same' and a large stride",
    backends: WASM,
    kernelName: 'FusedConv2D',
    make: wrap((original) => undilatedWhileRecording('FusedConv2D', explicitSamePadding(original))),
  },
  { name: 'MaxPoolGrad of negative windows', backends: WASM, kernelName: 'MaxPoolGrad', make: () => maxPoolGradient },
  {
    name: 'Conv2DBackpropFilter (missing)',
    backends: WASM,
    kernelName: 'Conv2DBackpropFilter',
    make: () => convolutionFilterGradient,
  },
  {
    name: 'Conv2DBackpropInput (slow)',
    backends: WASM,
    kernelName: 'Conv2DBackpropInput',
    make: convolutionInputGradient,
  },
  {
    name: 'DepthwiseConv2dNativeBackpropInput (missing)',
    backends: WASM,
    kernelName: 'DepthwiseConv2dNativeBackpropInput',
    make: () => depthwiseInputGradient,
  },
  {
    name: 'DepthwiseConv2dNativeBackpropFilter (missing)',
    backends: WASM,
    kernelName: 'DepthwiseConv2dNativeBackpropFilter',
    make: () => depthwiseFilterGradient,
  },
  {
    name: 'Conv3DBackpropInputV2',
    backends: WASM,
    kernelName: 'Conv3DBackpropInputV2',
    make: () => convolution3dInputGradient,
  },
  {
    name: 'Conv3DBackpropFilterV2',
    backends: WASM,
    kernelName: 'Conv3DBackpropFilterV2',
    make: () => convolution3dFilterGradient,
  },
  { name: 'BatchMatMul, transposed (slow)', backends: WASM, kernelName: 'BatchMatMul', make: wrap(matrixProduct) },
  { name: 'UnsortedSegmentSum (missing)', backends: WASM, kernelName: 'UnsortedSegmentSum', make: () => segmentSum },
  { name: 'Slice of a long tensor (slow)', backends: WASM, kernelName: 'Slice', make: wrap(contiguousSlice) },
  { name: 'Identity (copied)', backends: WASM, kernelName: 'Identity', make: wrap(sharedIdentity) },
  { name: 'OneHot of float32', backends: WASM, kernelName: 'OneHot', make: () => oneHot },
  { name: 'Cast of integers to float32', backends: WEBGPU, kernelName: 'Cast', make: wrap(convertingCast) },
  {
    name: 'MaxPoolGrad of equal pixels',
    backends: WEBGPU,
    kernelName: 'MaxPoolGrad',
    make: wrap(firstMaximumGradient),
  },
  {
    name: 'MaxPoolGrad of equal pixels',
    backends: WEBGL,
    kernelName: 'MaxPoolGrad',
    make: wrap(webglMaxPoolGradient),
  },
];

/** Gradients are shared by all backends, tfjs-node among them. */
const GRADIENTS: readonly GradientRepair[] = [
  { name: 'gradient of MirrorPad', kernelName: 'MirrorPad', make: () => mirrorPadGradient },
  ...COMPARISONS.map((kernelName) => ({
    name: `gradient of ${kernelName} (missing)`,
    kernelName,
    make: (original: GradientConfig | undefined) => (original ? undefined : comparisonGradient(kernelName)),
  })),
];

const KERNEL_REFUSALS: readonly KernelRepair[] = [
  ...['Dilation2DBackpropInput', 'Dilation2DBackpropFilter'].map((kernelName) => ({
    name: kernelName,
    backends: WASM,
    kernelName,
    make: wrap(() => wrongKernelRefusal(kernelName)),
  })),
  // A fused convolution's gradient is out of reach: only its forward kernel can refuse. On wasm one repair does both.
  ...['FusedConv2D', 'FusedDepthwiseConv2D'].map((kernelName) => ({
    name: `gradient of ${kernelName} with dilation`,
    backends: EVERYWHERE,
    kernelName,
    make: wrap((original) => undilatedWhileRecording(kernelName, original)),
  })),
];

const GRADIENT_REFUSALS: readonly GradientRepair[] = [
  {
    name: 'gradient of an embedding with respect to its integer input',
    kernelName: 'GatherV2',
    make: (original) => original && gatherGradient(original),
  },
  ...['Conv2D', 'DepthwiseConv2dNative'].map((kernelName) => ({
    name: `gradient of ${kernelName} with dilation`,
    kernelName,
    make: (original: GradientConfig | undefined) => original && undilatedGradient(original),
  })),
  ...Object.keys(GRADIENTLESS).map((kernelName) => ({
    name: `gradient of ${kernelName}`,
    kernelName,
    // A later tfjs may bring the gradient: then it stays.
    make: (original: GradientConfig | undefined) => (original ? undefined : gradientlessRefusal(kernelName)),
  })),
];

function activeBackend(): string {
  const backend = tf.getBackend();
  if (backend) return backend;
  throw new VogError(
    'BACKEND_UNAVAILABLE',
    "No TensorFlow.js backend is active. Call 'await tf.ready()' (or tf.setBackend) before repairBackend().",
  );
}

/**
 * Registers right kernels and gradients for what TensorFlow.js 4.22 computes wrongly, slowly or not at all on the
 * active backend, and coded errors for the gradients that do not exist. Found with finite differences.
 *
 * May be called at any time and again: what is in place stays in place. Kernels belong to one backend, so call it
 * after every change of backend. On tfjs-node no kernel is replaced, they are TensorFlow's own; the gradients that are
 * composed in JavaScript are repaired there too.
 *
 * @returns What is repaired and refused on this backend now.
 * @throws VogError 'BACKEND_UNAVAILABLE' before a backend is ready.
 */
export function repairBackend(): RepairReport {
  const backend = activeBackend();
  const kernels = (repairs: readonly KernelRepair[]): string[] =>
    repairs
      .filter(({ backends }) => backends.includes(backend))
      .filter(({ name, kernelName, make }) => repairKernel(name, kernelName, backend, make))
      .map(({ name }) => name);
  const gradients = (repairs: readonly GradientRepair[]): string[] =>
    repairs.filter(({ name, kernelName, make }) => repairGradient(name, kernelName, make)).map(({ name }) => name);
  return {
    backend,
    repaired: [...kernels(KERNELS), ...gradients(GRADIENTS)],
    refused: [...kernels(KERNEL_REFUSALS), ...gradients(GRADIENT_REFUSALS)],
  };
}

/** Puts the registry back to what it was before {@link repairBackend} on this backend. For tests and doubters. */
export function undoBackendRepairs(): void {
  undoRepairs(
    [...KERNELS, ...KERNEL_REFUSALS].map(({ kernelName }) => kernelName),
    activeBackend(),
    [...GRADIENTS, ...GRADIENT_REFUSALS].map(({ kernelName }) => kernelName),
  );
}
