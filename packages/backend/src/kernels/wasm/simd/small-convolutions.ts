import type * as tf from '@tensorflow/tfjs';
import { floats, type WasmBackend } from '../heap.js';
import { transposeInto } from '../transpose.js';
import { addressOf, type SimdKernels } from './kernels.js';

type Info = tf.backend_util.Conv2DInfo;

const FLOAT = 4;
const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;
const isUndilated = ({ dilationHeight, dilationWidth }: Info): boolean => dilationHeight === 1 && dilationWidth === 1;
const isStep1 = ({ strideHeight, strideWidth }: Info): boolean => strideHeight === 1 && strideWidth === 1;

/** Images with zeros around, and three numbers after the last: a new tensor, for the caller to dispose. */
function padded(
  simd: SimdKernels,
  backend: WasmBackend,
  x: tf.TensorInfo,
  [height, width]: readonly [number, number],
  [top, left]: readonly [number, number],
): tf.TensorInfo {
  const [batch, oldHeight, oldWidth, channels] = x.shape as [number, number, number, number];
  const size = batch * height * width * channels;
  const result = backend.makeOutput([size + 3], 'float32');
  floats(backend, result).fill(0, size);
  const [from, to] = [addressOf(backend, x), addressOf(backend, result)];
  simd.padImages(from, to, batch, oldHeight, oldWidth, channels * FLOAT, top, left, height, width);
  return result;
}

/** A convolution of one channel by a few filters: pixels lie side by side, and four go together. */
export function greyConvolution(
  simd: SimdKernels,
  backend: WasmBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  info: Info,
): tf.TensorInfo | null {
  const { batchSize, inChannels, outChannels, filterHeight, filterWidth, outHeight, outWidth, padInfo } = info;
  if (inChannels !== 1 || outChannels > 16 || outWidth < 8 || !isStep1(info) || !isUndilated(info)) return null;
  const [height, width] = [outHeight + filterHeight - 1, outWidth + filterWidth - 1];
  const y = backend.makeOutput([batchSize, outHeight, outWidth, outChannels], 'float32');
  const images = padded(simd, backend, x, [height, width], [padInfo.top, padInfo.left]);
  const taps = filterHeight * filterWidth;
  const turned = backend.makeOutput([outChannels, taps], 'float32');
  transposeInto({ values: floats(backend, filter), start: 0, stride: outChannels }, taps, outChannels, {
    values: floats(backend, turned),
    start: 0,
    stride: taps,
  });
  const [from, filters, to] = [images, turned, y].map((tensor) => addressOf(backend, tensor)) as [
    number,
    number,
    number,
  ];
  const sizes = [batchSize, height, width, outHeight, outWidth, outChannels, filterHeight, filterWidth];
  simd.greyConvolution(from, filters, to, ...sizes);
  backend.disposeData(images.dataId);
  backend.disposeData(turned.dataId);
  return y;
}

/** The input gradient of a first layer, whose images have one to three channels, stride 1. */
export function stretchGradient(
  simd: SimdKernels,
  backend: WasmBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  info: Info,
): tf.TensorInfo | null {
  const { batchSize, inChannels, outChannels, filterHeight, filterWidth, inHeight, inWidth, padInfo } = info;
  const [top, left] = [filterHeight - 1 - padInfo.top, filterWidth - 1 - padInfo.left];
  const stretch = roundUp(filterWidth * outChannels, 4);
  // More channels fill XNNPACK's tiles; a window of one pixel has no zeros around that the end of a stretch may meet.
  const suits =
    inChannels <= 3 && filterHeight * filterWidth > 4 && outChannels <= 16 && inWidth >= 4 && top >= 0 && left >= 0;
  if (!suits || !isStep1(info) || !isUndilated(info)) return null;
  const [height, width] = [inHeight + filterHeight - 1, inWidth + filterWidth - 1];
  // Padding that reaches beyond what the window needs leaves rows of dy that no image fits in.
  if (info.outHeight + top > height || info.outWidth + left > width) return null;
  const dx = backend.makeOutput([batchSize, inHeight, inWidth, inChannels], 'float32');
  const slopes = padded(simd, backend, dy, [height, width], [top, left]);
  const turned = backend.makeOutput([inChannels, filterHeight, stretch], 'float32');
  const source = floats(backend, filter);
  const target = floats(backend, turned).fill(0);
  for (let c = 0; c < inChannels; c++) {
    for (let u = 0; u < filterHeight; u++) {
      for (let v = 0; v < filterWidth; v++) {
        const row = (filterHeight - 1 - u) * filterWidth + filterWidth - 1 - v;
        for (let o = 0; o < outChannels; o++) {
          const value = source[(row * inChannels + c) * outChannels + o]!;
          target[(c * filterHeight + u) * stretch + v * outChannels + o] = value;
        }
      }
    }
  }
  const [from, filters, to] = [slopes, turned, dx].map((tensor) => addressOf(backend, tensor)) as [
    number,
    number,
    number,
  ];
  const sizes = [batchSize, height, width, outChannels, inHeight, inWidth, inChannels, filterHeight, stretch];
  simd.stretchConvolution(from, filters, to, ...sizes);
  backend.disposeData(slopes.dataId);
  backend.disposeData(turned.dataId);
  return dx;
}

/** The input gradient of a convolution of few channels without padding: dy is spread over the windows. */
export function spreadGradient(
  simd: SimdKernels,
  backend: WasmBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  info: Info,
): tf.TensorInfo | null {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const isUnpadded = [padInfo.top, padInfo.bottom, padInfo.left, padInfo.right].every((pad) => pad === 0);
  const segment = filterWidth * inChannels;
  const panel = roundUp(segment, 8);
  // A window of one pixel is a matrix product; and more channels fill XNNPACK's tiles.
  const suits = filterHeight * filterWidth > 4 && inChannels <= 12 && outChannels <= 64 && outChannels % 4 === 0;
  if (!suits || !isUnpadded || !isUndilated(info) || segment / panel < 0.7) return null;
  const dx = backend.makeOutput([batchSize, inHeight, inWidth, inChannels], 'float32');
  const panels = backend.makeOutput([filterHeight, panel / 8, outChannels, 8], 'float32');
  const nothing = backend.makeOutput([inWidth * inChannels + outWidth * outChannels + panel], 'float32');
  floats(backend, nothing).fill(0);
  floats(backend, dx).fill(0);
  const source = floats(backend, filter);
  const target = floats(backend, panels).fill(0);
  for (let u = 0; u < filterHeight; u++) {
    for (let s = 0; s < segment; s++) {
      const [from, to] = [(u * segment + s) * outChannels, (u * panel + (s & ~7)) * outChannels + (s & 7)];
      for (let o = 0; o < outChannels; o++) target[to + 8 * o] = source[from + o]!;
    }
  }
  const tensors = [dy, panels, dx, nothing].map((tensor) => addressOf(backend, tensor));
  const outs = [batchSize, outHeight, outWidth, outChannels, inHeight, inWidth, inChannels, filterHeight, segment];
  simd.spreadGradient(...tensors, ...outs, strideHeight, strideWidth);
  backend.disposeData(panels.dataId);
  backend.disposeData(nothing.dataId);
  return dx;
}
