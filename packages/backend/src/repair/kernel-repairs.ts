import { BATCH_NORM_GRADIENT } from '../lean/batch-norm-gradient.js';
import { SOFTMAX_COTANGENT } from '../lean/in-one-kernel.js';
import { RELU_GRADIENT } from '../lean/relu-gradient.js';
import { nativeReluGradient } from '../kernels/native/relu-gradient.js';
import { firstMaximum3dGradient } from '../kernels/native/max-pool-3d-gradient.js';
import * as tf from '@tensorflow/tfjs';
import { averagePool3dGradient, averagePoolGradient } from '../gradients/average-pool-gradient.js';
import { resizeGradient } from '../gradients/axis-map-gradient.js';
import { broadcastBatchNorm } from '../gradients/batch-norm-broadcast.js';
import { batchNormWithDefaults } from '../gradients/batch-norm-defaults.js';
import { accurateExpm1, accurateLog1p } from '../gradients/near-zero.js';
import { undilatedWhileRecording, wrongKernelRefusal } from '../registry/refusals.js';
import { type KernelFunction } from '../registry/registry.js';
import { scanAlongAnyAxis } from '../gradients/scan-gradient.js';
import { droppingStridedSlice } from '../gradients/strided-slice.js';
import { axisByAxis } from '../kernels/high-rank/axis-by-axis.js';
import { BROADCASTING, flatSelect, mergingBroadcast } from '../kernels/high-rank/merged-axes.js';
import { spaceByAxis } from '../kernels/high-rank/space-and-batch.js';
import { batchGather } from '../kernels/wasm/batch-gather.js';
import { truthCast } from '../kernels/wasm/cast.js';
import { convolution3dFilterGradient, convolution3dInputGradient } from '../kernels/wasm/convolution-3d-gradients.js';
import { convolutionFilterGradient } from '../kernels/wasm/convolution-filter-gradient.js';
import { convolutionInputGradient } from '../kernels/wasm/convolution-input-gradient.js';
import { depthwiseFilterGradient } from '../kernels/wasm/depthwise-filter-gradient.js';
import { depthwiseInputGradient } from '../kernels/wasm/depthwise-input-gradient.js';
import { broadcastPrelu } from '../kernels/wasm/prelu.js';
import { sharedIdentity } from '../kernels/wasm/identity.js';
import { EXACT, exactUnary } from '../kernels/wasm/exact-unary.js';
import { matrixProduct } from '../kernels/wasm/matrix-product.js';
import { maxPool3d, maxPool3dGradient } from '../kernels/wasm/max-pool-3d.js';
import { maxPoolGradient } from '../kernels/wasm/max-pool-gradient.js';
import { oneHot } from '../kernels/wasm/one-hot.js';
import { explicitSamePadding } from '../kernels/wasm/same-padding.js';
import { fastConvolution } from '../kernels/wasm/simd/convolution.js';
import { normalisation } from '../kernels/wasm/simd/batch-norm.js';
import { biasAddition, reluGradient } from '../kernels/wasm/simd/elementwise.js';
import { segmentSum } from '../kernels/wasm/segment-sum.js';
import { contiguousSlice } from '../kernels/wasm/slice.js';
import { firstMaximumGradient as webglMaxPoolGradient } from '../kernels/webgl/max-pool-gradient.js';
import { batchNormGradient } from '../kernels/webgpu/batch-norm-gradient.js';
import { convertingCast } from '../kernels/webgpu/cast.js';
import { firstMaximumGradient } from '../kernels/webgpu/max-pool-gradient.js';
import { reluGradient as webgpuReluGradient } from '../kernels/webgpu/relu-gradient.js';
import { softmaxCotangent } from '../kernels/webgpu/softmax-cotangent.js';
import { scanFromFront } from '../kernels/webgpu/scan.js';

/** A kernel that takes the place of one of a backend's, or of none. */
export interface KernelRepair {
  readonly name: string;
  readonly backends: readonly string[];
  readonly kernelName: string;
  /** The right kernel; `undefined` when it needs the stock one and the backend has none. */
  readonly make: (original: KernelFunction | undefined) => KernelFunction | undefined;
}
const WASM = ['wasm'];
const NATIVE = ['tensorflow'];
const WEBGL = ['webgl'];
const WEBGPU = ['webgpu'];
const GPU = [...WEBGL, ...WEBGPU];
const PLAIN = ['cpu', 'wasm'];
/** tfjs-node ('tensorflow') runs TensorFlow's own kernels, which are exact. */
const JAVASCRIPT = ['cpu', 'wasm', 'webgl', 'webgpu'];
const EVERYWHERE = [...JAVASCRIPT, 'tensorflow'];

/** For a repair that calls the stock kernel. */
const wrap =
  (repair: (original: KernelFunction) => KernelFunction): KernelRepair['make'] =>
  (original) =>
    original && repair(original);

/** What is made right. */
export const KERNELS: readonly KernelRepair[] = [
  {
    name: 'gradient of BatchNorm without scale or offset',
    backends: ['webgl', 'webgpu', 'tensorflow'],
    kernelName: 'FusedBatchNorm',
    make: wrap(batchNormWithDefaults),
  },
  {
    name: 'BatchNorm along an axis that is not the last, and its gradient without scale or offset',
    backends: ['cpu'],
    kernelName: 'FusedBatchNorm',
    make: wrap((original) => batchNormWithDefaults(broadcastBatchNorm(original))),
  },
  {
    name: 'BatchNorm (slow), along an axis that is not the last, and its gradient without scale or offset',
    backends: WASM,
    kernelName: 'FusedBatchNorm',
    make: wrap((original) => batchNormWithDefaults(normalisation(broadcastBatchNorm(original)))),
  },
  ...(['Cumsum', 'Cumprod'] as const).flatMap((kernelName) => [
    { name: `${kernelName} along a negative axis`, backends: PLAIN, kernelName, make: wrap(scanAlongAnyAxis) },
    {
      name: `${kernelName} along a negative axis, and above rank 4`,
      backends: WEBGL,
      kernelName,
      make: wrap((original) => axisByAxis(kernelName, scanAlongAnyAxis(original))),
    },
    {
      name: `${kernelName} along a negative axis, from the end, and above rank 4`,
      backends: WEBGPU,
      kernelName,
      make: wrap((original) => axisByAxis(kernelName, scanFromFront(kernelName, scanAlongAnyAxis(original)))),
    },
  ]),
  {
    name: 'StridedSlice that drops axes',
    backends: PLAIN,
    kernelName: 'StridedSlice',
    make: wrap(droppingStridedSlice),
  },
  {
    name: 'StridedSlice that drops axes, and above rank 4',
    backends: GPU,
    kernelName: 'StridedSlice',
    make: wrap((original) => axisByAxis('StridedSlice', droppingStridedSlice(original))),
  },
  ...(['PadV2', 'MirrorPad', 'Reverse', 'Tile'] as const).map((kernelName) => ({
    name: `${kernelName} above rank 4`,
    backends: GPU,
    kernelName,
    make: wrap((original) => axisByAxis(kernelName, original)),
  })),
  ...(['SpaceToBatchND', 'BatchToSpaceND'] as const).map((kernelName) => ({
    name: `${kernelName} above rank 4`,
    backends: GPU,
    kernelName,
    make: wrap((original) => spaceByAxis(kernelName, original)),
  })),
  { name: 'Select above rank 4', backends: GPU, kernelName: 'Select', make: wrap(flatSelect) },
  ...Object.keys(BROADCASTING).map((kernelName) => ({
    name: `${kernelName} of a vector above rank 4`,
    backends: WEBGPU,
    kernelName,
    make: wrap((original) => mergingBroadcast(kernelName, original)),
  })),
  { name: 'Log1p near 0', backends: GPU, kernelName: 'Log1p', make: wrap(accurateLog1p) },
  { name: 'Expm1 near 0', backends: GPU, kernelName: 'Expm1', make: wrap(accurateExpm1) },
  ...Object.keys(EXACT).map((kernelName) => ({
    name: `${kernelName} (inexact)`,
    backends: WASM,
    kernelName,
    make: wrap((original) => exactUnary(kernelName, original)),
  })),
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
    make: wrap((original) => fastConvolution(explicitSamePadding(original))),
  },
  {
    name: "FusedConv2D with padding 'same' and a large stride",
    backends: WASM,
    kernelName: 'FusedConv2D',
    make: wrap((original) => undilatedWhileRecording('FusedConv2D', fastConvolution(explicitSamePadding(original)))),
  },
  { name: 'MaxPool3D of negative windows', backends: WASM, kernelName: 'MaxPool3D', make: () => maxPool3d },
  {
    name: 'MaxPool3DGrad of negative windows',
    backends: WASM,
    kernelName: 'MaxPool3DGrad',
    make: () => maxPool3dGradient,
  },
  {
    name: 'MaxPool3DGrad of equal voxels',
    backends: NATIVE,
    kernelName: 'MaxPool3DGrad',
    make: () => firstMaximum3dGradient,
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
  { name: 'Add of a bias (slow)', backends: WASM, kernelName: 'Add', make: wrap(biasAddition) },
  { name: 'ReluGradient (missing)', backends: WASM, kernelName: RELU_GRADIENT, make: () => reluGradient },
  { name: 'ReluGradient (slow)', backends: NATIVE, kernelName: RELU_GRADIENT, make: () => nativeReluGradient },
  {
    name: 'ReluGradient (two dispatches)',
    backends: WEBGPU,
    kernelName: RELU_GRADIENT,
    make: () => webgpuReluGradient,
  },
  {
    name: 'BatchNormGradient (four dispatches)',
    backends: WEBGPU,
    kernelName: BATCH_NORM_GRADIENT,
    make: () => batchNormGradient,
  },
  {
    name: 'SoftmaxCotangent (eight dispatches)',
    backends: WEBGPU,
    kernelName: SOFTMAX_COTANGENT,
    make: () => softmaxCotangent,
  },
  { name: 'UnsortedSegmentSum (missing)', backends: WASM, kernelName: 'UnsortedSegmentSum', make: () => segmentSum },
  { name: 'Slice of a long tensor (slow)', backends: WASM, kernelName: 'Slice', make: wrap(contiguousSlice) },
  { name: 'Identity (copied)', backends: WASM, kernelName: 'Identity', make: wrap(sharedIdentity) },
  { name: 'GatherV2 with batch axes', backends: WASM, kernelName: 'GatherV2', make: wrap(batchGather) },
  { name: 'Prelu with shared slopes', backends: WASM, kernelName: 'Prelu', make: wrap(broadcastPrelu) },
  { name: 'Cast to bool', backends: WASM, kernelName: 'Cast', make: wrap(truthCast) },
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

/** What is refused. */
export const KERNEL_REFUSALS: readonly KernelRepair[] = [
  ...['Dilation2DBackpropInput', 'Dilation2DBackpropFilter'].flatMap((kernelName) => [
    { name: kernelName, backends: WASM, kernelName, make: wrap(() => wrongKernelRefusal(kernelName)) },
    {
      name: `${kernelName} (missing)`,
      backends: GPU,
      kernelName,
      make: (original: KernelFunction | undefined) => (original ? undefined : wrongKernelRefusal(kernelName)),
    },
  ]),
  // A fused convolution's gradient is out of reach: only its forward kernel can refuse. On wasm one repair does both.
  ...['FusedConv2D', 'FusedDepthwiseConv2D'].map((kernelName) => ({
    name: `gradient of ${kernelName} with dilation`,
    backends: EVERYWHERE,
    kernelName,
    make: wrap((original) => undilatedWhileRecording(kernelName, original)),
  })),
];
