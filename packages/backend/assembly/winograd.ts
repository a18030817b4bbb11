import { FLOAT } from './arithmetic';
import { tile4x8 } from './product';
import { filterTransform, inputTransform, outputTransform } from './winograd-transforms';

/** Products of one tile: 6 x 6. */
const POINTS: usize = 36;
/** Those of a tile of 2 x 2 outputs. */
export const POINTS_2: usize = 16;

/** Six rows of six numbers are 6 steps apart: the transform of the columns of a 6 x 6 block that `scratch` holds. */
// @ts-ignore: decorator
@inline
function column(scratch: usize, j: usize, row: usize): v128 {
  return v128.load(scratch + (row * 6 + j) * 16);
}

/**
 * Transforms the filters of `count` output channels from `first` on: [3, 3, inChannels, outChannels] to 36 matrices,
 * `stride` bytes apart, each in panels of 8 output channels, [count / 8, inChannels, 8]. With `flipped` it is the filter
 * of the input gradient: both axes turned round, and channels in each other's role: then the output channels are those
 * that come first in the filter. Four channels beyond the last, in half a panel, are 0.
 */
export function winogradFilter(
  filter: usize, panels: usize, stride: usize, scratch: usize, inChannels: i32, outChannels: i32, first: i32, count: i32, flipped: i32,
): void {
  const tap: usize = <usize>inChannels * outChannels * FLOAT;
  for (let n = 0; n < count; n += 4) {
    let target: usize = panels + (<usize>(n >> 3) * inChannels * 8 + (n & 4)) * FLOAT;
    for (let c = 0; c < inChannels; c++, target += 32) {
      for (let v: usize = 0; v < 3; v++) {
        let g0: v128, g1: v128, g2: v128;
        if (flipped) {
          const from = filter + (<usize>(first + n) * inChannels + c) * FLOAT + (2 - v) * tap;
          const step = <usize>inChannels * FLOAT;
          g0 = gathered(from + 6 * tap, step);
          g1 = gathered(from + 3 * tap, step);
          g2 = gathered(from, step);
        } else {
          const from = filter + (<usize>c * outChannels + first + n) * FLOAT + v * tap;
          g0 = v128.load(from);
          g1 = v128.load(from + 3 * tap);
          g2 = v128.load(from + 6 * tap);
        }
        filterTransform(g0, g1, g2, scratch + v * 16, 48);
      }
      for (let i: usize = 0; i < 6; i++) {
        const from = scratch + i * 48;
        filterTransform(v128.load(from), v128.load(from, 16), v128.load(from, 32), target + i * 6 * stride, stride);
      }
    }
    if (n + 4 == count && (n & 4) == 0) {
      target = panels + (<usize>(n >> 3) * inChannels * 8 + 4) * FLOAT;
      for (let c = 0; c < inChannels; c++, target += 32) {
        for (let t: usize = 0; t < POINTS; t++) v128.store(target + t * stride, f32x4.splat(0));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function gathered(from: usize, step: usize): v128 {
  let four = v128.load32_zero(from);
  four = v128.load_lane<f32>(from + step, four, 1);
  four = v128.load_lane<f32>(from + 2 * step, four, 2);
  return v128.load_lane<f32>(from + 3 * step, four, 3);
}

/**
 * Transforms `count` tiles from `first` on, counted over examples, rows and columns of tiles: 36 matrices [count,
 * channels], `stride` bytes apart. `zeros` is a pixel of padding; `scratch` has room for 36 vectors and 36 addresses.
 * Tiles beyond the last are the last.
 */
export function winogradInput(
  x: usize, v: usize, stride: usize, scratch: usize, zeros: usize, first: i32, count: i32, total: i32,
  height: i32, width: i32, channels: i32, tilesHigh: i32, tilesWide: i32, padTop: i32, padLeft: i32,
): void {
  const pixel: usize = channels * FLOAT;
  const addresses = scratch + POINTS * 16;
  for (let k = 0; k < count; k++) {
    const tile = min(first + k, total - 1);
    const example = tile / (tilesHigh * tilesWide);
    const place = tile - example * tilesHigh * tilesWide;
    const top = (place / tilesWide) * 4 - padTop;
    const left = (place % tilesWide) * 4 - padLeft;
    for (let r = 0; r < 6; r++) {
      for (let c = 0; c < 6; c++) {
        const inside = top + r >= 0 && top + r < height && left + c >= 0 && left + c < width;
        const at = inside ? x + (<usize>(example * height + top + r) * width + left + c) * pixel : zeros;
        store<u32>(addresses + <usize>(r * 6 + c) * 4, <u32>at);
      }
    }
    let target: usize = v + <usize>k * pixel;
    for (let at: usize = 0; at < pixel; at += 16, target += 16) {
      for (let r: usize = 0; r < 6; r++) {
        const row = addresses + r * 24;
        inputTransform(
          v128.load(load<u32>(row) + at), v128.load(load<u32>(row, 4) + at), v128.load(load<u32>(row, 8) + at),
          v128.load(load<u32>(row, 12) + at), v128.load(load<u32>(row, 16) + at), v128.load(load<u32>(row, 20) + at),
          scratch + r * 96, 16,
        );
      }
      for (let j: usize = 0; j < 6; j++) {
        inputTransform(
          column(scratch, j, 0), column(scratch, j, 1), column(scratch, j, 2),
          column(scratch, j, 3), column(scratch, j, 4), column(scratch, j, 5),
          target + j * stride, 6 * stride,
        );
      }
    }
  }
}

/** The products of all `points`: [tiles, inner] by panels to [tiles, columns]; strides in bytes. `tiles` is a multiple of 4. */
export function winogradProducts(
  points: i32, v: usize, vStride: usize, panels: usize, panelStride: usize, m: usize, mStride: usize, tiles: i32, inner: i32,
  columns: i32,
): void {
  const row: usize = inner * FLOAT;
  const outRow: usize = columns * FLOAT;
  for (let t = 0; t < points; t++) {
    for (let n = 0; n < columns; n += 8) {
      const panel = panels + <usize>n * row;
      for (let k = 0; k < tiles; k += 4) {
        tile4x8(v + k * row, row, panel, inner, m + k * outRow + <usize>n * FLOAT, outRow, false);
      }
    }
    v += vStride;
    panels += panelStride;
    m += mStride;
  }
}

/**
 * Transforms products back, [tiles, columns] each, and writes `count` channels from `firstChannel` on of `tiles` tiles
 * from `first` on into y. `bias` may be 0: none; with `relu` what is negative is 0.
 */
export function winogradOutput(
  m: usize, stride: usize, y: usize, bias: usize, relu: i32, scratch: usize, first: i32, tiles: i32, columns: i32,
  height: i32, width: i32, channels: i32, firstChannel: i32, count: i32, tilesHigh: i32, tilesWide: i32,
): void {
  const pixel: usize = channels * FLOAT;
  const end: usize = count * FLOAT;
  for (let k = 0; k < tiles; k++) {
    const tile = first + k;
    const example = tile / (tilesHigh * tilesWide);
    const place = tile - example * tilesHigh * tilesWide;
    const top = (place / tilesWide) * 4;
    const left = (place % tilesWide) * 4;
    const rows = min(4, height - top);
    const wide = min(4, width - left);
    const corner = y + (<usize>(example * height + top) * width + left) * pixel + <usize>firstChannel * FLOAT;
    const source = m + <usize>k * columns * FLOAT;
    for (let at: usize = 0; at < end; at += 16) {
      for (let j: usize = 0; j < 6; j++) {
        const from = source + at + j * stride;
        outputTransform(
          v128.load(from), v128.load(from + 6 * stride), v128.load(from + 12 * stride), v128.load(from + 18 * stride),
          v128.load(from + 24 * stride), v128.load(from + 30 * stride), scratch + j * 16, 96,
        );
      }
      const add = bias ? v128.load(bias + <usize>firstChannel * FLOAT + at) : f32x4.splat(0);
      const least = f32x4.splat(relu ? 0 : -Infinity);
      for (let i = 0; i < rows; i++) {
        const row = scratch + <usize>i * 96;
        // In place: the four results lie over the first four of the row's six products.
        outputTransform(
          v128.load(row), v128.load(row, 16), v128.load(row, 32), v128.load(row, 48), v128.load(row, 64), v128.load(row, 80),
          row, 16,
        );
        let to = corner + (<usize>i * width) * pixel + at;
        for (let j = 0; j < wide; j++, to += pixel) {
          v128.store(to, f32x4.max(least, f32x4.add(v128.load(row + j * 16), add)));
        }
      }
    }
  }
}
