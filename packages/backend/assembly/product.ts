import { FLOAT, madd } from './arithmetic';

/**
 * A tile of a matrix product: 4 rows of a, `inner` long and `stride` bytes apart, times a panel of `inner` rows of 8.
 * The 4 rows of 8 results are written `outStride` bytes apart. `inner` is a multiple of 4.
 */
// @ts-ignore: decorator
@inline
export function tile4x8(a: usize, stride: usize, panel: usize, inner: i32, out: usize, outStride: usize): void {
  let a1 = a + stride;
  let a2 = a1 + stride;
  let a3 = a2 + stride;
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = panel + <usize>inner * 32;
  while (panel < end) {
    let b0 = v128.load(panel, 0);
    let b1 = v128.load(panel, 16);
    let x = v128.load_splat<f32>(a, 0);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a1, 0);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a2, 0);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a3, 0);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    b0 = v128.load(panel, 32);
    b1 = v128.load(panel, 48);
    x = v128.load_splat<f32>(a, 4);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a1, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a2, 4);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a3, 4);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    b0 = v128.load(panel, 64);
    b1 = v128.load(panel, 80);
    x = v128.load_splat<f32>(a, 8);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a1, 8);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a2, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a3, 8);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    b0 = v128.load(panel, 96);
    b1 = v128.load(panel, 112);
    x = v128.load_splat<f32>(a, 12);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a1, 12);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a2, 12);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a3, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    a += 4 * FLOAT;
    a1 += 4 * FLOAT;
    a2 += 4 * FLOAT;
    a3 += 4 * FLOAT;
    panel += 128;
  }
  v128.store(out, c00, 0);
  v128.store(out, c01, 16);
  out += outStride;
  v128.store(out, c10, 0);
  v128.store(out, c11, 16);
  out += outStride;
  v128.store(out, c20, 0);
  v128.store(out, c21, 16);
  out += outStride;
  v128.store(out, c30, 0);
  v128.store(out, c31, 16);
}
