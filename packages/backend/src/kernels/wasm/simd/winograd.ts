import type * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../heap.js';
import { addressOf, type SimdKernels } from './kernels.js';

/** A 3 x 3 convolution of stride 1: sizes, and the padding before the first row and column (which may be negative). */
export interface Geometry {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly padTop: number;
  readonly padLeft: number;
}

/** What is done beside the convolution. */
export interface Extras {
  /** The filter is that of the convolution whose input gradient this is, [3, 3, outChannels, inChannels]. */
  readonly flipped?: boolean;
  readonly bias?: tf.TensorInfo | undefined;
  readonly relu?: boolean;
}

const POINTS = 36;
const FLOAT = 4;
const EDGE = 4;
/** The transformed filters that are held at once, in bytes: those of more channels are made part by part. */
const MOST_FILTERS = 6 * 2 ** 20;
/** Tiles that are transformed at once where all filters are held: they should stay in the second-level cache. */
const TILES = 64;
/** Bytes of transformed inputs that are held at once where filters are made part by part. */
const MOST_INPUTS = 8 * 2 ** 20;
/** Between the 36 matrices: without it they would lie a power of two apart, and share a few lines of the cache. */
const GAP = 64;

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

/** Fewer channels, or a batch of fewer tiles, do not pay for the transforms. */
const LEAST_CHANNELS = 16;
const LEAST_TILES = 16;

/** Whether {@link winogradConvolution} can do it, and gains. */
export function suitsWinograd({ batch, outHeight, outWidth, inChannels, outChannels }: Geometry): boolean {
  const tiles = batch * Math.ceil(outHeight / EDGE) * Math.ceil(outWidth / EDGE);
  // Of a tile that hangs over the border, what lies beyond is thrown away.
  const used = (batch * outHeight * outWidth) / (tiles * EDGE * EDGE);
  return (
    inChannels % 4 === 0 &&
    outChannels % 4 === 0 &&
    Math.min(inChannels, outChannels) >= LEAST_CHANNELS &&
    tiles >= LEAST_TILES &&
    used > 0.5
  );
}

/**
 * A 3 x 3 convolution of stride 1 by Winograd's F(4x4, 3x3) (Lavin and Gray 2016): 36 products for 16 outputs, where the
 * definition takes 144.
 *
 * Error: with |.| entry by entry, each output is off by at most (inChannels + 40) * 2^-24 times
 * |A'| [ sum over channels of (|G| |g| |G'|) * (|B'| |d| |B|) ] |A|, to first order. Measured: 1e-6 to 3e-6 of the
 * largest value at 64 to 512 channels, two to three times that of plain summation.
 */
export function winogradConvolution(
  simd: SimdKernels,
  backend: WasmBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  geometry: Geometry,
  { flipped = false, bias, relu = false }: Extras = {},
): tf.TensorInfo {
  const { batch, height, width, outHeight, outWidth, inChannels, outChannels, padTop, padLeft } = geometry;
  const [tilesHigh, tilesWide] = [Math.ceil(outHeight / EDGE), Math.ceil(outWidth / EDGE)];
  const tiles = batch * tilesHigh * tilesWide;
  const perChannel = POINTS * inChannels * FLOAT;
  const most = Math.max(8, Math.floor(MOST_FILTERS / perChannel / 8) * 8);
  const columns = Math.min(most, roundUp(outChannels, 8));
  const isWhole = columns >= outChannels;
  const tilesAtOnce = isWhole ? TILES : Math.max(TILES, Math.floor(MOST_INPUTS / perChannel / 4) * 4);
  const rows = Math.min(tilesAtOnce, roundUp(tiles, 4));
  const strides = {
    v: rows * inChannels * FLOAT + GAP,
    u: columns * inChannels * FLOAT + GAP,
    m: rows * columns * FLOAT + GAP,
  };
  const out = backend.makeOutput([batch, outHeight, outWidth, outChannels], 'float32');
  // 36 vectors and 36 addresses, then a pixel of padding, then the three sets of matrices.
  const scratchBytes = POINTS * (16 + 4) + 16;
  const pixelBytes = roundUp(inChannels * FLOAT, 16);
  const bytes = scratchBytes + pixelBytes + POINTS * (strides.v + strides.u + strides.m);
  const held = backend.makeOutput([bytes / FLOAT], 'float32');
  const scratch = addressOf(backend, held);
  const zeros = scratch + scratchBytes;
  const v = zeros + pixelBytes;
  const u = v + POINTS * strides.v;
  const m = u + POINTS * strides.u;
  backend.typedArrayFromHeap(held).fill(0, scratchBytes / FLOAT, (scratchBytes + pixelBytes) / FLOAT);
  const [from, to, filters] = [x, out, filter].map((tensor) => addressOf(backend, tensor)) as [number, number, number];
  const biases = bias ? addressOf(backend, bias) : 0;

  const makeFilters = (first: number, count: number): void =>
    simd.winogradFilter(filters, u, strides.u, scratch, inChannels, outChannels, first, count, Number(flipped));
  if (isWhole) makeFilters(0, outChannels);
  for (let first = 0; first < tiles; first += rows) {
    const count = Math.min(rows, tiles - first);
    const padded = roundUp(count, 4);
    simd.winogradInput(
      from, v, strides.v, scratch, zeros, first, padded, tiles,
      height, width, inChannels, tilesHigh, tilesWide, padTop, padLeft,
    ); // prettier-ignore
    for (let channel = 0; channel < outChannels; channel += columns) {
      const channels = Math.min(columns, outChannels - channel);
      const wide = roundUp(channels, 8);
      if (!isWhole) makeFilters(channel, channels);
      simd.winogradProducts(v, strides.v, u, strides.u, m, strides.m, padded, inChannels, wide);
      simd.winogradOutput(
        m, strides.m, to, biases, Number(relu), scratch, first, count, wide,
        outHeight, outWidth, outChannels, channel, channels, tilesHigh, tilesWide,
      ); // prettier-ignore
    }
  }
  backend.disposeData(held.dataId);
  return out;
}
