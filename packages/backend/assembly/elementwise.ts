import { FLOAT, madd } from './arithmetic';

/** y = x + bias along the last axis, for `rows` rows of `channels` numbers; of relu where asked. */
export function addBias(x: usize, bias: usize, y: usize, rows: i32, channels: i32): void {
  const length: usize = channels * FLOAT;
  if (channels >= 4) {
    const last: usize = length - 16;
    for (let row = 0; row < rows; row++, x += length, y += length) {
      for (let at: usize = 0; at < last; at += 16) {
        v128.store(y + at, f32x4.add(v128.load(x + at), v128.load(bias + at)));
      }
      // Four that may overlap the four before: they are written again, the same.
      v128.store(y + last, f32x4.add(v128.load(x + last), v128.load(bias + last)));
    }
    return;
  }
  for (let row = 0; row < rows; row++, x += length, y += length) {
    for (let at: usize = 0; at < length; at += FLOAT) store<f32>(y + at, load<f32>(x + at) + load<f32>(bias + at));
  }
}

/** y = (x - mean) * slope + offset along the last axis, for `rows` rows of `channels` numbers, four or more. */
export function normalise(x: usize, mean: usize, slope: usize, offset: usize, y: usize, rows: i32, channels: i32): void {
  const length: usize = channels * FLOAT;
  const last: usize = length - 16;
  for (let row = 0; row < rows; row++, x += length, y += length) {
    for (let at: usize = 0; at < last; at += 16) normaliseFour(x + at, mean + at, slope + at, offset + at, y + at);
    // As above: four that may overlap the four before.
    normaliseFour(x + last, mean + last, slope + last, offset + last, y + last);
  }
}

// @ts-ignore: decorator
@inline
function normaliseFour(x: usize, mean: usize, slope: usize, offset: usize, y: usize): void {
  v128.store(y, madd(f32x4.sub(v128.load(x), v128.load(mean)), v128.load(slope), v128.load(offset)));
}

/** dx = dy where y > 0, else 0. */
export function reluGradient(dy: usize, y: usize, dx: usize, size: i32): void {
  const end: usize = dx + size * FLOAT;
  const zero = f32x4.splat(0);
  for (; dx + 16 <= end; dx += 16, dy += 16, y += 16) {
    v128.store(dx, v128.and(v128.load(dy), f32x4.gt(v128.load(y), zero)));
  }
  for (; dx < end; dx += FLOAT, dy += FLOAT, y += FLOAT) {
    store<f32>(dx, load<f32>(y) > 0 ? load<f32>(dy) : 0);
  }
}
