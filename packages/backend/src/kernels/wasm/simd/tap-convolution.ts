import type * as tf from '@tensorflow/tfjs';
import { integers, type WasmBackend } from '../heap.js';
import { addressOf, type SimdKernels } from './kernels.js';

const FLOAT = 4;
/** As in assembly/tap-convolution.ts. */
const POSITIONS = 64;

/** A tap: the matrix of the filter at (row, column), for pixels (u, v) from where the output's own begin. */
interface Tap {
  readonly row: number;
  readonly column: number;
  readonly u: number;
  readonly v: number;
}

/** Which outputs there are, from which pixels, and where they go: the pixel (i, j) * step + phase of y. */
interface Outputs {
  readonly rows: number;
  readonly columns: number;
  readonly strides: readonly [number, number];
  readonly steps: readonly [number, number];
  readonly phases: readonly [number, number];
}

interface Ending {
  readonly bias?: tf.TensorInfo | undefined;
  readonly relu?: boolean;
}

/** Fewer fill the tiles of eight badly, or do not pay for laying pixels side by side. */
const LEAST_CHANNELS = 16;

/** Whether {@link tapConvolution} gains. */
const suitsTaps = (inChannels: number, outChannels: number, positions: number): boolean =>
  Math.min(inChannels, outChannels) >= LEAST_CHANNELS && outChannels % 8 === 0 && positions >= POSITIONS;

/**
 * Writes to y the convolution of x by some taps of a filter. With `flipped` the filter is that of the convolution whose
 * input gradient this is: channels in each other's role.
 */
function tapConvolution(
  simd: SimdKernels,
  backend: WasmBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  y: tf.TensorInfo,
  taps: readonly Tap[],
  { rows, columns, strides, steps, phases }: Outputs,
  flipped: boolean,
  { bias, relu = false }: Ending = {},
): void {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [, yHeight, yWidth, outChannels] = y.shape as [number, number, number, number];
  const [, filterWidth, inner, outer] = filter.shape as [number, number, number, number];
  const wide = Math.ceil(outChannels / 8) * 8;
  const table = backend.makeOutput([2 * taps.length], 'int32');
  const panels = backend.makeOutput([taps.length, channels, wide], 'float32');
  const scratch = backend.makeOutput([POSITIONS, channels + wide], 'float32');
  integers(backend, table).set(taps.flatMap(({ u, v }) => [u, v]));
  const [from, to, filters, made, pairs, held] = [x, y, filter, panels, table, scratch].map((tensor) =>
    addressOf(backend, tensor),
  ) as [number, number, number, number, number, number];
  taps.forEach(({ row, column }, index) => {
    const matrix = filters + (row * filterWidth + column) * inner * outer * FLOAT;
    const target = made + index * channels * wide * FLOAT;
    const [innerStep, columnStep] = flipped ? [FLOAT, outer * FLOAT] : [outer * FLOAT, FLOAT];
    simd.packFilter(matrix, target, channels, outChannels, innerStep, columnStep);
  });
  simd.tapConvolution(
    from, to, made, pairs, taps.length, bias ? addressOf(backend, bias) : 0, Number(relu), held,
    batch, height, width, channels, rows, columns, ...strides, yHeight, yWidth, outChannels, ...steps, ...phases,
  ); // prettier-ignore
  for (const { dataId } of [table, panels, scratch]) backend.disposeData(dataId);
}

/** A forward convolution, whatever its window, strides, dilations and padding. */
export function forwardByTaps(
  simd: SimdKernels,
  backend: WasmBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  info: tf.backend_util.Conv2DInfo,
  ending: Ending,
): tf.TensorInfo | null {
  const { batchSize, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info;
  if (!suitsTaps(inChannels, outChannels, batchSize * outHeight * outWidth)) return null;
  const y = backend.makeOutput([batchSize, outHeight, outWidth, outChannels], 'float32');
  const taps = Array.from({ length: filterHeight * filterWidth }, (_, tap) => {
    const [row, column] = [Math.floor(tap / filterWidth), tap % filterWidth];
    return { row, column, u: row * info.dilationHeight - padInfo.top, v: column * info.dilationWidth - padInfo.left };
  });
  const outputs: Outputs = {
    rows: outHeight,
    columns: outWidth,
    strides: [info.strideHeight, info.strideWidth],
    steps: [1, 1],
    phases: [0, 0],
  };
  tapConvolution(simd, backend, x, filter, y, taps, outputs, false, ending);
  return y;
}

/** The tap of one axis that pixels of a phase meet: filter tap and place, first pixel of the phase at 0. */
interface AxisTap {
  readonly tap: number;
  readonly place: number;
}

/** Pixels i = stride * k + phase receive from outputs a with i = stride * a + u - pad: a = k + (phase + pad - u) / stride. */
function axisTaps(phase: number, stride: number, pad: number, filter: number): AxisTap[] {
  const taps: AxisTap[] = [];
  for (let u = 0; u < filter; u++) {
    const place = (phase + pad - u) / stride;
    if (Number.isInteger(place)) taps.push({ tap: u, place });
  }
  return taps;
}

/** The input gradient of a convolution of any stride: each of the phases that its pixels fall into is a convolution of dy. */
export function gradientByTaps(
  simd: SimdKernels,
  backend: WasmBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  info: tf.backend_util.Conv2DInfo,
): tf.TensorInfo | null {
  const { batchSize, inHeight, inWidth, inChannels, outChannels, strideHeight, strideWidth, padInfo } = info;
  const positions = batchSize * Math.ceil(inHeight / strideHeight) * Math.ceil(inWidth / strideWidth);
  if (!suitsTaps(outChannels, inChannels, positions)) return null;
  const dx = backend.makeOutput([batchSize, inHeight, inWidth, inChannels], 'float32');
  let isWhole = true;
  const phases: { taps: Tap[]; outputs: Outputs }[] = [];
  for (let top = 0; top < Math.min(strideHeight, inHeight); top++) {
    for (let left = 0; left < Math.min(strideWidth, inWidth); left++) {
      const columns = axisTaps(left, strideWidth, padInfo.left, info.filterWidth);
      const taps = axisTaps(top, strideHeight, padInfo.top, info.filterHeight).flatMap((row) =>
        columns.map((column) => ({ row: row.tap, column: column.tap, u: row.place, v: column.place })),
      );
      isWhole &&= taps.length > 0;
      const outputs: Outputs = {
        rows: Math.ceil((inHeight - top) / strideHeight),
        columns: Math.ceil((inWidth - left) / strideWidth),
        strides: [1, 1],
        steps: [strideHeight, strideWidth],
        phases: [top, left],
      };
      if (taps.length > 0) phases.push({ taps, outputs });
    }
  }
  // Pixels that no tap reaches, as between the windows of a stride larger than they are.
  if (!isWhole) backend.typedArrayFromHeap(dx).fill(0);
  for (const { taps, outputs } of phases) tapConvolution(simd, backend, dy, filter, dx, taps, outputs, true);
  return dx;
}
