import { FLOAT, madd } from './arithmetic';

/** Numbers that are summed one after the other; sums of so many are then added. Longer sums would round more. */
const BLOCK: usize = 16;

/**
 * A tile of a matrix product: 4 rows of a, `inner` long and `stride` bytes apart, times a panel of `inner` rows of 8.
 * The 4 rows of 8 results are written `outStride` bytes apart, or added to what is there.
 *
 * One step of the sum a turn: engines unroll a loop this short themselves, and better than it can be written out.
 */
// @ts-ignore: decorator
@inline
export function tile4x8(
  a: usize, stride: usize, panel: usize, inner: i32, out: usize, outStride: usize, isAdded: bool,
): void {
  let a1 = a + stride;
  let a2 = a1 + stride;
  let a3 = a2 + stride;
  const out1 = out + outStride;
  const out2 = out1 + outStride;
  const out3 = out2 + outStride;
  const end = panel + <usize>inner * 32;
  let isFirst = !isAdded;
  while (panel < end) {
    const stop = min(end, panel + BLOCK * 32);
    let c00 = f32x4.splat(0);
    let c01 = c00;
    let c10 = c00;
    let c11 = c00;
    let c20 = c00;
    let c21 = c00;
    let c30 = c00;
    let c31 = c00;
    while (panel < stop) {
      const b0 = v128.load(panel);
      const b1 = v128.load(panel, 16);
      let x = v128.load_splat<f32>(a);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load_splat<f32>(a1);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load_splat<f32>(a2);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load_splat<f32>(a3);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      a += FLOAT;
      a1 += FLOAT;
      a2 += FLOAT;
      a3 += FLOAT;
      panel += 32;
    }
    if (isFirst) {
      storeEight(out, c00, c01);
      storeEight(out1, c10, c11);
      storeEight(out2, c20, c21);
      storeEight(out3, c30, c31);
      isFirst = false;
    } else {
      addEight(out, c00, c01);
      addEight(out1, c10, c11);
      addEight(out2, c20, c21);
      addEight(out3, c30, c31);
    }
  }
}

// @ts-ignore: decorator
@inline
function storeEight(to: usize, first: v128, second: v128): void {
  v128.store(to, first);
  v128.store(to, second, 16);
}

// @ts-ignore: decorator
@inline
function addEight(to: usize, first: v128, second: v128): void {
  storeEight(to, f32x4.add(v128.load(to), first), f32x4.add(v128.load(to, 16), second));
}
