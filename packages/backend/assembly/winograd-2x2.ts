// Winograd's F(2x2, 3x3) at the points 0, 1, -1 and infinity: 16 products for 4 outputs, where the definition takes 36. Its
// transforms only add and halve, and its sums are a ninth as long: it rounds less than the definition.
import { FLOAT } from './arithmetic';
import { POINTS_2 } from './winograd';

/** B' d of four numbers, to four that are `step` bytes apart. */
// @ts-ignore: decorator
@inline
function inputTransform(d0: v128, d1: v128, d2: v128, d3: v128, target: usize, step: usize): void {
  v128.store(target, f32x4.sub(d0, d2));
  v128.store(target + step, f32x4.add(d1, d2));
  v128.store(target + 2 * step, f32x4.sub(d2, d1));
  v128.store(target + 3 * step, f32x4.sub(d1, d3));
}

/** G g of three taps, to four numbers that are `step` bytes apart. */
// @ts-ignore: decorator
@inline
function filterTransform(g0: v128, g1: v128, g2: v128, target: usize, step: usize): void {
  const half = f32x4.splat(0.5);
  const ends = f32x4.add(g0, g2);
  v128.store(target, g0);
  v128.store(target + step, f32x4.mul(half, f32x4.add(ends, g1)));
  v128.store(target + 2 * step, f32x4.mul(half, f32x4.sub(ends, g1)));
  v128.store(target + 3 * step, g2);
}

/** As winogradFilter of 4 x 4 tiles, to 16 matrices, for a forward convolution of a multiple of 8 output channels. */
export function winograd2Filter(
  filter: usize, panels: usize, stride: usize, scratch: usize, inChannels: i32, outChannels: i32, first: i32, count: i32,
): void {
  const tap: usize = <usize>inChannels * outChannels * FLOAT;
  for (let n = 0; n < count; n += 4) {
    let target: usize = panels + (<usize>(n >> 3) * inChannels * 8 + (n & 4)) * FLOAT;
    let from = filter + <usize>(first + n) * FLOAT;
    for (let c = 0; c < inChannels; c++, target += 32, from += <usize>outChannels * FLOAT) {
      for (let v: usize = 0; v < 3; v++) {
        const column = from + v * tap;
        filterTransform(
          v128.load(column), v128.load(column + 3 * tap), v128.load(column + 6 * tap), scratch + v * 16, 48,
        );
      }
      for (let i: usize = 0; i < 4; i++) {
        const row = scratch + i * 48;
        filterTransform(v128.load(row), v128.load(row, 16), v128.load(row, 32), target + i * 4 * stride, stride);
      }
    }
  }
}

/** As winogradInput of 4 x 4 tiles, to 16 matrices. */
export function winograd2Input(
  x: usize, v: usize, stride: usize, scratch: usize, zeros: usize, first: i32, count: i32, total: i32,
  height: i32, width: i32, channels: i32, tilesHigh: i32, tilesWide: i32, padTop: i32, padLeft: i32,
): void {
  const pixel: usize = channels * FLOAT;
  const addresses = scratch + POINTS_2 * 16;
  for (let k = 0; k < count; k++) {
    const tile = min(first + k, total - 1);
    const example = tile / (tilesHigh * tilesWide);
    const place = tile - example * tilesHigh * tilesWide;
    const top = (place / tilesWide) * 2 - padTop;
    const left = (place % tilesWide) * 2 - padLeft;
    for (let r = 0; r < 4; r++) {
      for (let c = 0; c < 4; c++) {
        const inside = top + r >= 0 && top + r < height && left + c >= 0 && left + c < width;
        const at = inside ? x + (<usize>(example * height + top + r) * width + left + c) * pixel : zeros;
        store<u32>(addresses + <usize>(r * 4 + c) * 4, <u32>at);
      }
    }
    let target: usize = v + <usize>k * pixel;
    for (let at: usize = 0; at < pixel; at += 16, target += 16) {
      for (let r: usize = 0; r < 4; r++) {
        const row = addresses + r * 16;
        inputTransform(
          v128.load(load<u32>(row) + at), v128.load(load<u32>(row, 4) + at), v128.load(load<u32>(row, 8) + at),
          v128.load(load<u32>(row, 12) + at), scratch + r * 64, 16,
        );
      }
      for (let j: usize = 0; j < 4; j++) {
        const from = scratch + j * 16;
        inputTransform(
          v128.load(from), v128.load(from, 64), v128.load(from, 128), v128.load(from, 192), target + j * stride, 4 * stride,
        );
      }
    }
  }
}

/** As winogradOutput of 4 x 4 tiles, from 16 matrices. */
export function winograd2Output(
  m: usize, stride: usize, y: usize, bias: usize, relu: i32, scratch: usize, first: i32, tiles: i32, columns: i32,
  height: i32, width: i32, channels: i32, firstChannel: i32, count: i32, tilesHigh: i32, tilesWide: i32,
): void {
  const pixel: usize = channels * FLOAT;
  const end: usize = count * FLOAT;
  const least = f32x4.splat(relu ? 0 : -Infinity);
  for (let k = 0; k < tiles; k++) {
    const tile = first + k;
    const example = tile / (tilesHigh * tilesWide);
    const place = tile - example * tilesHigh * tilesWide;
    const top = (place / tilesWide) * 2;
    const left = (place % tilesWide) * 2;
    const rows = min(2, height - top);
    const wide = min(2, width - left);
    const corner = y + (<usize>(example * height + top) * width + left) * pixel + <usize>firstChannel * FLOAT;
    const source = m + <usize>k * columns * FLOAT;
    for (let at: usize = 0; at < end; at += 16) {
      for (let j: usize = 0; j < 4; j++) {
        const from = source + at + j * stride;
        const m1 = v128.load(from + 4 * stride);
        const m2 = v128.load(from + 8 * stride);
        v128.store(scratch + j * 16, f32x4.add(v128.load(from), f32x4.add(m1, m2)));
        v128.store(scratch + j * 16, f32x4.sub(f32x4.sub(m1, m2), v128.load(from + 12 * stride)), 64);
      }
      const add = bias ? v128.load(bias + <usize>firstChannel * FLOAT + at) : f32x4.splat(0);
      for (let i = 0; i < rows; i++) {
        const row = scratch + <usize>i * 64;
        const to = corner + (<usize>i * width) * pixel + at;
        const m1 = v128.load(row, 16);
        const m2 = v128.load(row, 32);
        const even = f32x4.add(v128.load(row), f32x4.add(m1, m2));
        v128.store(to, f32x4.max(least, f32x4.add(even, add)));
        if (wide < 2) continue;
        const odd = f32x4.sub(f32x4.sub(m1, m2), v128.load(row, 48));
        v128.store(to + pixel, f32x4.max(least, f32x4.add(odd, add)));
      }
    }
  }
}
