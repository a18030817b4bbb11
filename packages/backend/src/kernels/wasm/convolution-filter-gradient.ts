import * as tf from '@tensorflow/tfjs';
import { asKernel, callKernel, floats, type WasmBackend } from './heap.js';

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly dy: tf.TensorInfo;
}
interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

/** Values of the patch matrix that exist at once, 16 MiB: a batch of any size needs no more. */
const PATCH_VALUES = 1 << 22;

/**
 * Writes the patches of `count` examples as a [filterHeight * filterWidth * inChannels, positions] matrix: one row a
 * tap and channel, one column an output position. Positions whose tap falls into the padding stay zero.
 */
function writePatches(
  x: Float32Array,
  patches: Float32Array,
  info: tf.backend_util.Conv2DInfo,
  firstExample: number,
  count: number,
): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = info;
  const { strideHeight, strideWidth, padInfo } = info;
  const step = strideWidth * inChannels;
  let patchRow = 0;
  patches.fill(0);
  for (let u = 0; u < filterHeight; u++) {
    for (let v = 0; v < filterWidth; v++) {
      const left = v - padInfo.left;
      const firstColumn = Math.max(0, Math.ceil(-left / strideWidth));
      const endColumn = Math.min(outWidth, Math.floor((inWidth - 1 - left) / strideWidth) + 1);
      for (let channel = 0; channel < inChannels; channel++) {
        for (let k = 0; k < count * outHeight; k++, patchRow += outWidth) {
          const row = (k % outHeight) * strideHeight + u - padInfo.top;
          if (row < 0 || row >= inHeight) continue;
          const example = firstExample + Math.floor(k / outHeight);
          const pixel = (example * inHeight + row) * inWidth + firstColumn * strideWidth + left;
          const end = patchRow + endColumn;
          for (let to = patchRow + firstColumn, from = pixel * inChannels + channel; to < end; to++, from += step) {
            patches[to] = x[from]!;
          }
        }
      }
    }
  }
}

/** The filter gradient of some examples, [taps * inChannels, outChannels]: patches times dy. */
function gradientOfExamples(
  backend: WasmBackend,
  { x, dy }: Inputs,
  info: tf.backend_util.Conv2DInfo,
  firstExample: number,
  count: number,
): tf.TensorInfo {
  const { outHeight, outWidth, outChannels, filterHeight, filterWidth, inChannels } = info;
  const positions = count * outHeight * outWidth;
  const patches = backend.makeOutput([1, filterHeight * filterWidth * inChannels, positions], 'float32');
  writePatches(floats(backend, x), floats(backend, patches), info, firstExample, count);
  const whole = count === info.batchSize;
  const part = { ...dy, shape: [1, positions, outChannels] };
  if (!whole) {
    Object.assign(part, backend.makeOutput(part.shape, 'float32'));
    const from = firstExample * outHeight * outWidth * outChannels;
    floats(backend, part).set(floats(backend, dy).subarray(from, from + positions * outChannels));
  }
  const product = callKernel(backend, 'BatchMatMul', { a: patches, b: part }, { transposeA: false, transposeB: false });
  backend.disposeData(patches.dataId);
  if (!whole) backend.disposeData(part.dataId);
  return product;
}

/**
 * Gradient of a 2-D convolution with respect to its filter, [filterHeight, filterWidth, inChannels, outChannels].
 *
 * The wasm backend has no such kernel, so no convolutional network trains on it. Here it is one matrix product of the
 * input's patches, written transposed in the first place, and dy. Measured against a convolution with batch and
 * channels in each other's role and against dy' times patches: this is the fastest for few and for many channels.
 */
export const convolutionFilterGradient = asKernel<Inputs, Attributes>(({ inputs, attrs, backend }) => {
  const { filterShape, strides, pad, dimRoundingMode, dataFormat } = attrs;
  const format = tf.backend_util.convertConv2DDataFormat(dataFormat);
  const inputShape = inputs.x.shape as [number, number, number, number];
  const info = tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
    format,
  );
  const patchSize = info.filterHeight * info.filterWidth * info.inChannels * info.outHeight * info.outWidth;
  const examples = Math.max(1, Math.floor(PATCH_VALUES / Math.max(1, patchSize)));
  if (info.batchSize <= examples) {
    return { ...gradientOfExamples(backend, inputs, info, 0, info.batchSize), shape: filterShape };
  }
  const total = backend.makeOutput(filterShape, 'float32');
  floats(backend, total).fill(0);
  for (let first = 0; first < info.batchSize; first += examples) {
    const part = gradientOfExamples(backend, inputs, info, first, Math.min(examples, info.batchSize - first));
    const sum = floats(backend, total);
    const addend = floats(backend, part);
    for (let i = 0; i < sum.length; i++) sum[i]! += addend[i]!;
    backend.disposeData(part.dataId);
  }
  return total;
});
