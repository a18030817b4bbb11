import { FLOAT } from './arithmetic';

/**
 * Hands dy of one window to the first largest of its pixels, four channels at a time. Where windows are `disjoint` it is
 * written, not added: reading back numbers that were just written as parts of other four would stall.
 */
// @ts-ignore: decorator
@inline
function window(
  x: usize, dx: usize, dy: v128, rows: i32, columns: i32, row: usize, pixel: usize, disjoint: bool,
): void {
  let maximum = v128.load(x);
  let place = i32x4.splat(0);
  let tap = 0;
  for (let r = 0; r < rows; r++) {
    let at = x + r * row;
    for (let c = 0; c < columns; c++, at += pixel, tap++) {
      const value = v128.load(at);
      const larger = f32x4.gt(value, maximum);
      maximum = v128.bitselect(value, maximum, larger);
      place = v128.bitselect(i32x4.splat(tap), place, larger);
    }
  }
  tap = 0;
  for (let r = 0; r < rows; r++) {
    let at = dx + r * row;
    for (let c = 0; c < columns; c++, at += pixel, tap++) {
      const share = v128.and(dy, v128.eq<i32>(place, i32x4.splat(tap)));
      v128.store(at, disjoint ? share : f32x4.add(v128.load(at), share));
    }
  }
}

// @ts-ignore: decorator
@inline
function scalarWindow(x: usize, dx: usize, dy: f32, rows: i32, columns: i32, row: usize, pixel: usize): void {
  let maximum = load<f32>(x);
  let place: usize = 0;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const at = r * row + c * pixel;
      const value = load<f32>(x + at);
      if (value > maximum) {
        maximum = value;
        place = at;
      }
    }
  }
  store<f32>(dx + place, load<f32>(dx + place) + dy);
}

/**
 * Adds the gradient of 2-D max pooling, [batch, height, width, channels], to dx, which is 0: every window's goes to its
 * first largest pixel. Padding is never a pixel.
 */
export function maxPoolGradient(
  x: usize,
  dy: usize,
  dx: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  padTop: i32,
  padLeft: i32,
): void {
  const pixel: usize = channels * FLOAT;
  const row: usize = width * pixel;
  const whole = channels & ~3;
  // The last channels of a number that four does not divide: once more four, of which the first have had their turn.
  const rest = channels - whole;
  const last: usize = (channels - 4) * FLOAT;
  const disjoint = strideHeight >= filterHeight && strideWidth >= filterWidth;
  const lanes = v128.gt<i32>(i32x4(0, 1, 2, 3), i32x4.splat(3 - rest));
  for (let example = 0; example < batch; example++) {
    for (let i = 0; i < outHeight; i++) {
      const top = max(0, i * strideHeight - padTop);
      const rows = min(height, i * strideHeight - padTop + filterHeight) - top;
      for (let j = 0; j < outWidth; j++) {
        const left = max(0, j * strideWidth - padLeft);
        const columns = min(width, j * strideWidth - padLeft + filterWidth) - left;
        const corner: usize = top * row + left * pixel;
        if (channels >= 4) {
          for (let at: usize = 0; at < <usize>whole * FLOAT; at += 16) {
            window(x + corner + at, dx + corner + at, v128.load(dy + at), rows, columns, row, pixel, disjoint);
          }
          if (rest) {
            const slopes = v128.load(dy + last);
            const kept = disjoint ? slopes : v128.and(slopes, lanes);
            window(x + corner + last, dx + corner + last, kept, rows, columns, row, pixel, disjoint);
          }
        } else {
          for (let at: usize = 0; at < pixel; at += FLOAT) {
            scalarWindow(x + corner + at, dx + corner + at, load<f32>(dy + at), rows, columns, row, pixel);
          }
        }
        dy += pixel;
      }
    }
    x += height * row;
    dx += height * row;
  }
}
