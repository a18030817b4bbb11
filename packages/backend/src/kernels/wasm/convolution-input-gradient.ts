import * as tf from '@tensorflow/tfjs';
import { asKernel, callKernel, floats, type WasmBackend } from './heap.js';
import { fastInputGradient } from './simd/convolution.js';
import { transposeInto } from './transpose.js';

interface Inputs {
  readonly dy: tf.TensorInfo;
  readonly filter: tf.TensorInfo;
}
interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly inputShape: [number, number, number, number];
}

/** The taps of one spatial axis that reach the pixels `phase + stride * k` of the input. */
interface Taps {
  /** Offset of the first contributing output position relative to k. */
  readonly first: number;
  /** How many output positions contribute. */
  readonly count: number;
  /** Padding before and after the gradient. */
  readonly before: number;
  readonly after: number;
  /** How many input pixels there are of this phase, in blocks. */
  readonly blocks: number;
}

/** XNNPACK's matrix tiles are 8 output channels wide: fewer channels cost as much as 8. */
const CHANNEL_TILE = 8;

/**
 * Input pixels i = stride * (block * k + r) + phase, 0 <= r < block, receive from the output positions a with
 * i = stride * a + u - pad for a tap 0 <= u < filter, that is a = block * k + r + (phase + pad - u) / stride.
 */
function tapsOf(
  phase: number,
  block: number,
  stride: number,
  pad: number,
  filter: number,
  inSize: number,
  outSize: number,
): Taps {
  const first = Math.ceil((phase + pad - filter + 1) / stride);
  const last = Math.floor((phase + pad) / stride) + block - 1;
  const blocks = Math.ceil(Math.ceil((inSize - phase) / stride) / block);
  const count = last - first + 1;
  return { first, count, before: -first, after: (blocks - 1) * block + last + 1 - outSize, blocks };
}

/** Positions cut off a border that the taps do not reach. */
const crop = (pad: number): number => Math.max(0, -pad);

/** Whether any tap meets any output position: beside a large stride or padding there may be none. */
const reaches = ({ count, before, after }: Taps, outSize: number): boolean =>
  count > 0 && outSize > crop(before) + crop(after);

/**
 * How many neighbouring pixels of a row one filter should produce. With few input channels (an image has 1 or 3)
 * most of a channel tile would be padding; a filter that makes `block` pixels at once fills it, at the price of
 * `block - 1` more taps.
 */
function blockWidth(channels: number, filterWidth: number, inWidth: number): number {
  let best = 1;
  let least = Infinity;
  for (let block = 1; block <= CHANNEL_TILE; block++) {
    if (inWidth % block !== 0) continue;
    const tiles = Math.ceil((block * channels) / CHANNEL_TILE);
    const cost = (tiles * (filterWidth + block - 1)) / block;
    if (cost < least) [best, least] = [block, cost];
  }
  return best;
}

/** The filter that turns dy into the input pixels of one phase: W flipped, its channel axes swapped, shifted copies. */
function gradientFilter(
  backend: WasmBackend,
  filter: tf.TensorInfo,
  info: tf.backend_util.Conv2DInfo,
  rows: Taps,
  columns: Taps,
  rowPhase: number,
  columnPhase: number,
  block: number,
): tf.TensorInfo {
  const { filterHeight, filterWidth, inChannels, outChannels, strideHeight, strideWidth, padInfo } = info;
  const width = block * inChannels;
  const made = backend.makeOutput([rows.count, columns.count, outChannels, width], 'float32');
  const source = floats(backend, filter);
  const target = floats(backend, made).fill(0);
  for (let i = 0; i < rows.count; i++) {
    const u = rowPhase + padInfo.top - strideHeight * (rows.first + i);
    if (u < 0 || u >= filterHeight) continue;
    for (let j = 0; j < columns.count; j++) {
      for (let r = 0; r < block; r++) {
        const v = columnPhase + padInfo.left - strideWidth * (columns.first + j - r);
        if (v < 0 || v >= filterWidth) continue;
        const from = (u * filterWidth + v) * inChannels * outChannels;
        const to = (i * columns.count + j) * outChannels * width + r * inChannels;
        transposeInto({ values: source, start: from, stride: outChannels }, inChannels, outChannels, {
          values: target,
          start: to,
          stride: width,
        });
      }
    }
  }
  return made;
}

/** Spreads the pixels of one phase over the input gradient. */
function scatterPhase(
  backend: WasmBackend,
  pixels: tf.TensorInfo,
  dx: tf.TensorInfo,
  info: tf.backend_util.Conv2DInfo,
  rowPhase: number,
  columnPhase: number,
): void {
  const { batchSize, inHeight, inWidth, inChannels, strideHeight, strideWidth } = info;
  const [, rows, columns] = pixels.shape as [number, number, number];
  const source = floats(backend, pixels);
  const target = floats(backend, dx);
  const columnsUsed = Math.ceil((inWidth - columnPhase) / strideWidth);
  for (let example = 0; example < batchSize; example++) {
    for (let k = 0, row = rowPhase; row < inHeight; k++, row += strideHeight) {
      let from = (example * rows + k) * columns * inChannels;
      let to = ((example * inHeight + row) * inWidth + columnPhase) * inChannels;
      for (let column = 0; column < columnsUsed; column++, to += (strideWidth - 1) * inChannels) {
        for (let channel = 0; channel < inChannels; channel++) target[to++] = source[from++]!;
      }
    }
  }
}

/**
 * Gradient of a 2-D convolution with respect to its input, [N, H, W, C], as forward convolutions.
 *
 * The stock kernel is a plain loop, some 15 times slower than the forward pass. The transpose of a convolution is a
 * convolution with the flipped filter, and XNNPACK runs that at full speed. For strides s > 1 the input pixels fall
 * into s x s phases, each the convolution with every s-th tap: no zero is ever multiplied, where the textbook's
 * zero-stuffed dy costs s^2 times more.
 */
export function convolutionInputGradient(original: tf.KernelConfig['kernelFunc'] | undefined) {
  return asKernel<Inputs, Attributes>((args) => {
    const { inputs, attrs, backend } = args;
    if (attrs.dataFormat === 'NCHW' && original) return original(args as never) as tf.TensorInfo;
    const { inputShape, strides, pad, dimRoundingMode } = attrs;
    const filterShape = inputs.filter.shape as [number, number, number, number];
    const info = tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode);
    const { inHeight, inWidth, outHeight, outWidth, inChannels, filterHeight, filterWidth, padInfo } = info;
    const { strideHeight, strideWidth } = info;
    const fast = fastInputGradient(backend, inputs.dy, inputs.filter, info);
    if (fast) return fast;
    const whole = strideHeight === 1 && strideWidth === 1;
    const block = whole ? blockWidth(inChannels, filterWidth, inWidth) : 1;
    const dx = whole ? undefined : backend.makeOutput(inputShape, 'float32');
    if (dx) floats(backend, dx).fill(0);
    for (let rowPhase = 0; rowPhase < Math.min(strideHeight, inHeight); rowPhase++) {
      const rows = tapsOf(rowPhase, 1, strideHeight, padInfo.top, filterHeight, inHeight, outHeight);
      for (let columnPhase = 0; columnPhase < Math.min(strideWidth, inWidth); columnPhase++) {
        const columns = tapsOf(columnPhase, block, strideWidth, padInfo.left, filterWidth, inWidth, outWidth);
        if (!reaches(rows, outHeight) || !reaches(columns, outWidth)) continue; // this phase keeps its zeros
        const flipped = gradientFilter(backend, inputs.filter, info, rows, columns, rowPhase, columnPhase, block);
        const pixels = convolve(backend, inputs.dy, flipped, rows, columns, block);
        backend.disposeData(flipped.dataId);
        if (!dx) return { ...pixels, shape: inputShape };
        scatterPhase(backend, pixels, dx, info, rowPhase, columnPhase);
        backend.disposeData(pixels.dataId);
      }
    }
    if (dx) return dx;
    const zeros = backend.makeOutput(inputShape, 'float32');
    floats(backend, zeros).fill(0);
    return zeros;
  });
}

/** The forward convolution of dy, which is padded, or cropped where the taps do not reach its border. */
function convolve(
  backend: WasmBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  rows: Taps,
  columns: Taps,
  block: number,
): tf.TensorInfo {
  const [batchSize, height, width, channels] = dy.shape as [number, number, number, number];
  const cropped = [rows.before, rows.after, columns.before, columns.after].some((pad) => pad < 0);
  const kept = cropped
    ? callKernel(
        backend,
        'Slice',
        { x: dy },
        {
          begin: [0, crop(rows.before), crop(columns.before), 0],
          size: [
            batchSize,
            height - crop(rows.before) - crop(rows.after),
            width - crop(columns.before) - crop(columns.after),
            channels,
          ],
        },
      )
    : dy;
  const pad = [
    [0, 0],
    [Math.max(0, rows.before), Math.max(0, rows.after)],
    [Math.max(0, columns.before), Math.max(0, columns.after)],
    [0, 0],
  ];
  const attributes = { strides: [1, block], pad, dataFormat: 'NHWC', dilations: [1, 1] };
  const pixels = callKernel(backend, 'Conv2D', { x: kept, filter }, attributes);
  if (cropped) backend.disposeData(kept.dataId);
  return pixels;
}
