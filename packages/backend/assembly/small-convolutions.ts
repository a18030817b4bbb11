// Convolutions that XNNPACK, whose tiles are eight channels wide and are walked tap by tap, does at a third of its speed.
import { FLOAT, madd } from './arithmetic';

/** Adds the first `lanes` of four numbers, at most 4, to where they belong. */
// @ts-ignore: decorator
@inline
function addLanes(to: usize, value: v128, lanes: i32): void {
  if (lanes >= 4) {
    v128.store(to, f32x4.add(v128.load(to), value));
  } else {
    store<f32>(to, load<f32>(to) + f32x4.extract_lane(value, 0));
    if (lanes > 1) store<f32>(to, load<f32>(to, 4) + f32x4.extract_lane(value, 1), 4);
    if (lanes > 2) store<f32>(to, load<f32>(to, 8) + f32x4.extract_lane(value, 2), 8);
  }
}

/** The same for eight. */
// @ts-ignore: decorator
@inline
function addEight(to: usize, first: v128, second: v128, lanes: i32): void {
  addLanes(to, first, lanes);
  if (lanes > 4) addLanes(to + 16, second, lanes - 4);
}

/**
 * Adds the input gradient of a convolution without padding to dx, which is 0. Each position of dy is spread over the
 * window that it came from: no product with the zeros around dy, as a convolution of dy takes them.
 *
 * Four rows of dy go together: they reach four different rows of dx, so that nothing is read that was just written
 * at another offset, which would stall. `segment` is a row of a window, filterWidth * inChannels; the panels are
 * [filterHeight, segment / 8 rounded up, outChannels, 8], 0 beyond the segment. outChannels is a multiple of 4.
 * `nothing` is as long as a row of dx and of dy: it stands for rows that there are not.
 */
export function spreadGradient(
  dy: usize, panels: usize, dx: usize, nothing: usize, batch: i32, outHeight: i32, outWidth: i32, outChannels: i32,
  height: i32, width: i32, inChannels: i32, filterHeight: i32, segment: i32, strideHeight: i32, strideWidth: i32,
): void {
  const rows = batch * outHeight;
  const outRow: usize = outWidth * outChannels * FLOAT;
  const row: usize = width * inChannels * FLOAT;
  const position: usize = outChannels * FLOAT;
  const step: usize = strideWidth * inChannels * FLOAT;
  for (let r = 0; r < rows; r += 4) {
    const more = rows - r;
    let a0 = dy + r * outRow;
    let a1 = more > 1 ? a0 + outRow : nothing;
    let a2 = more > 2 ? a0 + 2 * outRow : nothing;
    let a3 = more > 3 ? a0 + 3 * outRow : nothing;
    for (let j = 0; j < outWidth; j++) {
      let panel = panels;
      for (let u = 0; u < filterHeight; u++) {
        const column: usize = j * step;
        const t0 = dx + target(r, u, outHeight, height, strideHeight) * row + column;
        const t1 = more > 1 ? dx + target(r + 1, u, outHeight, height, strideHeight) * row + column : nothing;
        const t2 = more > 2 ? dx + target(r + 2, u, outHeight, height, strideHeight) * row + column : nothing;
        const t3 = more > 3 ? dx + target(r + 3, u, outHeight, height, strideHeight) * row + column : nothing;
        for (let s = 0; s < segment; s += 8) {
          let c00 = f32x4.splat(0);
          let c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
          for (let at: usize = 0; at < position; at += FLOAT, panel += 32) {
            const b0 = v128.load(panel);
            const b1 = v128.load(panel, 16);
            let x = v128.load_splat<f32>(a0 + at);
            c00 = madd(x, b0, c00);
            c01 = madd(x, b1, c01);
            x = v128.load_splat<f32>(a1 + at);
            c10 = madd(x, b0, c10);
            c11 = madd(x, b1, c11);
            x = v128.load_splat<f32>(a2 + at);
            c20 = madd(x, b0, c20);
            c21 = madd(x, b1, c21);
            x = v128.load_splat<f32>(a3 + at);
            c30 = madd(x, b0, c30);
            c31 = madd(x, b1, c31);
          }
          const lanes = segment - s;
          const to: usize = s * FLOAT;
          if (lanes >= 8) {
            v128.store(t0 + to, f32x4.add(v128.load(t0 + to), c00));
            v128.store(t0 + to, f32x4.add(v128.load(t0 + to, 16), c01), 16);
            v128.store(t1 + to, f32x4.add(v128.load(t1 + to), c10));
            v128.store(t1 + to, f32x4.add(v128.load(t1 + to, 16), c11), 16);
            v128.store(t2 + to, f32x4.add(v128.load(t2 + to), c20));
            v128.store(t2 + to, f32x4.add(v128.load(t2 + to, 16), c21), 16);
            v128.store(t3 + to, f32x4.add(v128.load(t3 + to), c30));
            v128.store(t3 + to, f32x4.add(v128.load(t3 + to, 16), c31), 16);
          } else {
            addEight(t0 + to, c00, c01, lanes);
            addEight(t1 + to, c10, c11, lanes);
            addEight(t2 + to, c20, c21, lanes);
            addEight(t3 + to, c30, c31, lanes);
          }
        }
      }
      a0 += position;
      a1 += more > 1 ? position : 0;
      a2 += more > 2 ? position : 0;
      a3 += more > 3 ? position : 0;
    }
  }
}

/** The row of dx, counted over all examples, that tap u of a row of dy reaches. */
// @ts-ignore: decorator
@inline
function target(row: i32, u: i32, outHeight: i32, height: i32, stride: i32): i32 {
  const example = row / outHeight;
  return example * height + (row - example * outHeight) * stride + u;
}

/** Copies images into ones with `top` and `left` pixels of zeros before and as many after as fit; a pixel has `pixel` bytes. */
export function padImages(
  x: usize, padded: usize, batch: i32, height: i32, width: i32, pixel: i32, top: i32, left: i32, newHeight: i32, newWidth: i32,
): void {
  const row: usize = width * pixel;
  const newRow: usize = newWidth * pixel;
  const before: usize = left * pixel;
  for (let n = 0; n < batch; n++) {
    memory.fill(padded, 0, newHeight * newRow);
    let to = padded + top * newRow + before;
    for (let i = 0; i < height; i++, x += row, to += newRow) memory.copy(to, x, row);
    padded += newHeight * newRow;
  }
}

// @ts-ignore: decorator
@inline
function storeColumn(to: usize, value: v128, step: usize): void {
  v128.store_lane<f32>(to, value, 0);
  v128.store_lane<f32>(to + step, value, 1);
  v128.store_lane<f32>(to + 2 * step, value, 2);
  v128.store_lane<f32>(to + 3 * step, value, 3);
}

/**
 * Convolution, stride 1, of padded images of one channel; the filter is [outChannels, taps], a row of the window after
 * the other. Eight neighbouring pixels by three channels at a time; the last eight of a row may overlap those before, so
 * outWidth is at least 8. Channels beyond the last are the last.
 */
export function greyConvolution(
  x: usize, filter: usize, y: usize, batch: i32, height: i32, width: i32, outHeight: i32, outWidth: i32, outChannels: i32,
  filterHeight: i32, filterWidth: i32,
): void {
  const row: usize = width * FLOAT;
  const taps: usize = filterHeight * filterWidth * FLOAT;
  const pixel: usize = outChannels * FLOAT;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j += 8) {
        const start = min(j, outWidth - 8);
        for (let o = 0; o < outChannels; o += 3) {
          let w0: usize = filter + o * taps;
          const o1 = min(o + 1, outChannels - 1);
          const o2 = min(o + 2, outChannels - 1);
          let w1: usize = filter + o1 * taps;
          let w2: usize = filter + o2 * taps;
          let c00 = f32x4.splat(0);
          let c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
          let from = x + i * row + start * FLOAT;
          for (let u = 0; u < filterHeight; u++, from += row) {
            for (let at: usize = 0; at < <usize>filterWidth * FLOAT; at += FLOAT) {
              const x0 = v128.load(from + at);
              const x1 = v128.load(from + at, 16);
              let w = v128.load_splat<f32>(w0 + at);
              c00 = madd(x0, w, c00);
              c01 = madd(x1, w, c01);
              w = v128.load_splat<f32>(w1 + at);
              c10 = madd(x0, w, c10);
              c11 = madd(x1, w, c11);
              w = v128.load_splat<f32>(w2 + at);
              c20 = madd(x0, w, c20);
              c21 = madd(x1, w, c21);
            }
            w0 += filterWidth * FLOAT;
            w1 += filterWidth * FLOAT;
            w2 += filterWidth * FLOAT;
          }
          const to = y + (<usize>(i * outWidth + start)) * pixel;
          storeColumn(to + o * FLOAT, c00, pixel);
          storeColumn(to + 4 * pixel + o * FLOAT, c01, pixel);
          storeColumn(to + o1 * FLOAT, c10, pixel);
          storeColumn(to + 4 * pixel + o1 * FLOAT, c11, pixel);
          storeColumn(to + o2 * FLOAT, c20, pixel);
          storeColumn(to + 4 * pixel + o2 * FLOAT, c21, pixel);
        }
      }
    }
    x += height * row;
    y += outHeight * outWidth * pixel;
  }
}

// @ts-ignore: decorator
@inline
function sumOf(four: v128): f32 {
  const pairs = f32x4.add(four, v128.shuffle<f32>(four, four, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/**
 * Convolution, stride 1, of padded images to a few channels: the input gradient of a first layer. A row of a window is
 * one stretch of memory, so each output is filterHeight products of stretches. The filter is [outChannels, filterHeight,
 * stretch], where stretch is the next multiple of 4; what is beyond the row of a window is 0, and is read from x too:
 * the last image has three numbers after it. outWidth is at least 4.
 */
export function stretchConvolution(
  x: usize, filter: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  outChannels: i32, filterHeight: i32, stretch: i32,
): void {
  const pixel: usize = channels * FLOAT;
  const row: usize = width * pixel;
  const length: usize = stretch * FLOAT;
  const outPixel: usize = outChannels * FLOAT;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j += 4) {
        const start = min(j, outWidth - 4);
        let w = filter;
        let to = y + (<usize>(i * outWidth + start)) * outPixel;
        for (let o = 0; o < outChannels; o++, to += FLOAT) {
          let c0 = f32x4.splat(0);
          let c1 = c0, c2 = c0, c3 = c0;
          let p0: usize = x + i * row + start * pixel;
          for (let u = 0; u < filterHeight; u++, p0 += row) {
            const p1 = p0 + pixel;
            const p2 = p1 + pixel;
            const p3 = p2 + pixel;
            for (let at: usize = 0; at < length; at += 16, w += 16) {
              const b = v128.load(w);
              c0 = madd(v128.load(p0 + at), b, c0);
              c1 = madd(v128.load(p1 + at), b, c1);
              c2 = madd(v128.load(p2 + at), b, c2);
              c3 = madd(v128.load(p3 + at), b, c3);
            }
          }
          store<f32>(to, sumOf(c0));
          store<f32>(to + outPixel, sumOf(c1));
          store<f32>(to + 2 * outPixel, sumOf(c2));
          store<f32>(to + 3 * outPixel, sumOf(c3));
        }
      }
    }
    x += height * row;
    y += outHeight * outWidth * outPixel;
  }
}
