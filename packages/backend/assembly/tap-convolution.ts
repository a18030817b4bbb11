// A convolution by its definition, tap by tap: the pixels that a tap meets are laid side by side, and their products with
// the tap's matrix are added up.
import { FLOAT } from './arithmetic';
import { tile4x8 } from './product';

/** Positions of the output that go together: their pixels and their sums stay in the second-level cache. */
const POSITIONS: i32 = 64;

/**
 * Lays out the matrix of one tap in panels of 8 columns, [columns / 8 rounded up, inner, 8], 0 beyond the last column. Its
 * rows are `innerStep` bytes apart, its columns `columnStep`.
 */
export function packFilter(
  matrix: usize, panels: usize, inner: i32, columns: i32, innerStep: usize, columnStep: usize,
): void {
  for (let n = 0; n < columns; n += 8) {
    const wide = min(8, columns - n);
    let from = matrix + <usize>n * columnStep;
    if (wide == 8 && columnStep == FLOAT) {
      for (let k = 0; k < inner; k++, from += innerStep, panels += 32) {
        v128.store(panels, v128.load(from));
        v128.store(panels, v128.load(from, 16), 16);
      }
    } else {
      for (let k = 0; k < inner; k++, from += innerStep, panels += 32) {
        for (let c = 0; c < 8; c++) {
          const value: f32 = c < wide ? load<f32>(from + <usize>c * columnStep) : 0;
          store<f32>(panels + <usize>c * FLOAT, value);
        }
      }
    }
  }
}

/**
 * The outputs (i, j), 0 <= i < rows, 0 <= j < columns, of each example, from the pixels (i * strideHeight + u, j *
 * strideWidth + v) of x for every tap (u, v); what lies outside x is 0. `taps` holds these pairs of i32, `panels` their
 * matrices one after the other. The output (i, j) is the pixel (i * stepHeight + phaseHeight, j * stepWidth + phaseWidth) of
 * y, which has 4 channels or more. `bias` may be 0: none; with `relu` what is negative is 0. `scratch` has room for 64
 * positions of x's channels and of y's, rounded up to 8.
 */
export function tapConvolution(
  x: usize, y: usize, panels: usize, taps: usize, tapCount: i32, bias: usize, relu: i32, scratch: usize,
  batch: i32, height: i32, width: i32, channels: i32, rows: i32, columns: i32, strideHeight: i32, strideWidth: i32,
  yHeight: i32, yWidth: i32, outChannels: i32, stepHeight: i32, stepWidth: i32, phaseHeight: i32, phaseWidth: i32,
): void {
  const pixel: usize = channels * FLOAT;
  const wide = (outChannels + 7) & ~7;
  const sum: usize = wide * FLOAT;
  const sums = scratch + POSITIONS * pixel;
  const total = batch * rows * columns;
  for (let first = 0; first < total; first += POSITIONS) {
    const count = min(POSITIONS, total - first);
    let panel = panels;
    for (let t = 0; t < tapCount; t++) {
      gather(
        x, scratch, load<i32>(taps + t * 8), load<i32>(taps + t * 8, 4), first, count,
        height, width, pixel, rows, columns, strideHeight, strideWidth,
      );
      for (let n = 0; n < wide; n += 8) {
        // Positions beyond the last are computed from what the buffer held, and thrown away.
        for (let k = 0; k < count; k += 4) {
          tile4x8(scratch + k * pixel, pixel, panel, channels, sums + k * sum + <usize>n * FLOAT, sum, t > 0);
        }
        panel += 8 * pixel;
      }
    }
    const last: usize = (outChannels - 4) * FLOAT;
    const least = f32x4.splat(relu ? 0 : -Infinity);
    for (let k = 0; k < count; k++) {
      const place = first + k;
      const row = place / columns;
      const example = row / rows;
      const i = (row - example * rows) * stepHeight + phaseHeight;
      const j = (place - row * columns) * stepWidth + phaseWidth;
      const to = y + <usize>((example * yHeight + i) * yWidth + j) * outChannels * FLOAT;
      const from = sums + k * sum;
      for (let at: usize = 0; at < last; at += 16) finish(from + at, to + at, bias ? bias + at : 0, least);
      // Four that may overlap the four before: they are written again, the same.
      finish(from + last, to + last, bias ? bias + last : 0, least);
    }
  }
}

// @ts-ignore: decorator
@inline
function finish(from: usize, to: usize, bias: usize, least: v128): void {
  const add = bias ? v128.load(bias) : f32x4.splat(0);
  v128.store(to, f32x4.max(least, f32x4.add(v128.load(from), add)));
}

/** The pixels that tap (u, v) meets at `count` positions from `first` on, one after the other. */
// @ts-ignore: decorator
@inline
function gather(
  x: usize, to: usize, u: i32, v: i32, first: i32, count: i32, height: i32, width: i32, pixel: usize,
  rows: i32, columns: i32, strideHeight: i32, strideWidth: i32,
): void {
  for (let k = 0; k < count; k++, to += pixel) {
    const place = first + k;
    const row = place / columns;
    const example = row / rows;
    const i = (row - example * rows) * strideHeight + u;
    const j = (place - row * columns) * strideWidth + v;
    if (i >= 0 && i < height && j >= 0 && j < width) {
      memory.copy(to, x + <usize>((example * height + i) * width + j) * pixel, pixel);
    } else {
      memory.fill(to, 0, pixel);
    }
  }
}
