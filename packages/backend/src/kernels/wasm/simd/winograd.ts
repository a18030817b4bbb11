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

const FLOAT = 4;
/** The transformed filters that are held at once, in bytes: those of more channels are made part by part. */
const MOST_FILTERS = 6 * 2 ** 20;
/** Tiles that are transformed at once where all filters are held: they should stay in the second-level cache. */
const TILES = 64;
/** Bytes of transformed inputs that are held at once where filters are made part by part. */
const MOST_INPUTS = 8 * 2 ** 20;
/** Between the 36 matrices: without it they would lie a power of two apart, and share a few lines of the cache. */
const GAP = 64;

/** F(4x4, 3x3) takes 36 products for 16 outputs, F(2x2, 3x3) 16 for 4; the definition takes 144 and 36. */
interface Tiles {
  /** Outputs of a tile, along one side. */
  readonly edge: 2 | 4;
  readonly points: number;
}
const LARGE: Tiles = { edge: 4, points: 36 };
const SMALL: Tiles = { edge: 2, points: 16 };

/** With so many channels a sum by the definition, of 9 products each, rounds as much as F(4x4, 3x3). */
const CHANNELS_OF_LARGE = 256;

/**
 * A forward pass must not round more than XNNPACK's: near a tie a relu turns by rounding, and the gradient with it. In root
 * mean square F(2x2, 3x3) rounds 1.0 to 0.4 times as much, from 16 to 128 channels, and F(4x4, 3x3) 1.0 and 0.75 times at 256
 * and 512. Below it would be up to 1.6. In a gradient there is nothing to turn.
 */
function tilesFor({ inChannels, outChannels }: Geometry, isForward: boolean): Tiles | null {
  if (!isForward || inChannels >= CHANNELS_OF_LARGE) return LARGE;
  return outChannels % 8 === 0 ? SMALL : null;
}

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

/** Fewer channels, or a batch of fewer tiles, do not pay for the transforms. */
const LEAST_CHANNELS = 16;
const LEAST_TILES = 16;

/** Whether {@link winogradConvolution} can do it, and gains. */
export function suitsWinograd(geometry: Geometry, isForward: boolean): boolean {
  const { batch, outHeight, outWidth, inChannels, outChannels } = geometry;
  const made = tilesFor(geometry, isForward);
  if (!made) return false;
  const { edge } = made;
  const tiles = batch * Math.ceil(outHeight / edge) * Math.ceil(outWidth / edge);
  // Of a tile that hangs over the border, what lies beyond is thrown away.
  const used = (batch * outHeight * outWidth) / (tiles * edge * edge);
  return (
    inChannels % 4 === 0 &&
    outChannels % 4 === 0 &&
    Math.min(inChannels, outChannels) >= LEAST_CHANNELS &&
    tiles >= LEAST_TILES &&
    used > 0.5
  );
}

/**
 * A 3 x 3 convolution of stride 1 by Winograd's F(4x4, 3x3) or F(2x2, 3x3) (Lavin and Gray 2016).
 *
 * Error: with |.| entry by entry, each output is off by at most (inChannels + 40) * 2^-24 times
 * |A'| [ sum over channels of (|G| |g| |G'|) * (|B'| |d| |B|) ] |A|, to first order. Measured: 1e-6 of the
 * largest value at 64 to 512 channels, and 3e-7 by F(2x2, 3x3).
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
  const { edge, points } = tilesFor(geometry, !flipped) ?? LARGE;
  const [tilesHigh, tilesWide] = [Math.ceil(outHeight / edge), Math.ceil(outWidth / edge)];
  const tiles = batch * tilesHigh * tilesWide;
  const perChannel = points * inChannels * FLOAT;
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
  // A vector and an address for each point, then a pixel of padding, then the three sets of matrices.
  const scratchBytes = points * (16 + 4) + 16;
  const pixelBytes = roundUp(inChannels * FLOAT, 16);
  const bytes = scratchBytes + pixelBytes + points * (strides.v + strides.u + strides.m);
  const held = backend.makeOutput([bytes / FLOAT], 'float32');
  const scratch = addressOf(backend, held);
  const zeros = scratch + scratchBytes;
  const v = zeros + pixelBytes;
  const u = v + points * strides.v;
  const m = u + points * strides.u;
  backend.typedArrayFromHeap(held).fill(0, scratchBytes / FLOAT, (scratchBytes + pixelBytes) / FLOAT);
  const [from, to, filters] = [x, out, filter].map((tensor) => addressOf(backend, tensor)) as [number, number, number];
  const biases = bias ? addressOf(backend, bias) : 0;

  const [transformFilter, transformInput, transformOutput] =
    edge === 2
      ? [simd.winograd2Filter, simd.winograd2Input, simd.winograd2Output]
      : [simd.winogradFilter, simd.winogradInput, simd.winogradOutput];
  const makeFilters = (first: number, count: number): void =>
    transformFilter(filters, u, strides.u, scratch, inChannels, outChannels, first, count, Number(flipped));
  if (isWhole) makeFilters(0, outChannels);
  for (let first = 0; first < tiles; first += rows) {
    const count = Math.min(rows, tiles - first);
    const padded = roundUp(count, 4);
    transformInput(
      from, v, strides.v, scratch, zeros, first, padded, tiles,
      height, width, inChannels, tilesHigh, tilesWide, padTop, padLeft,
    ); // prettier-ignore
    for (let channel = 0; channel < outChannels; channel += columns) {
      const channels = Math.min(columns, outChannels - channel);
      const wide = roundUp(channels, 8);
      if (!isWhole) makeFilters(channel, channels);
      simd.winogradProducts(points, v, strides.v, u, strides.u, m, strides.m, padded, inChannels, wide);
      transformOutput(
        m, strides.m, to, biases, Number(relu), scratch, first, count, wide,
        outHeight, outWidth, outChannels, channel, channels, tilesHigh, tilesWide,
      ); // prettier-ignore
    }
  }
  backend.disposeData(held.dataId);
  return out;
}
