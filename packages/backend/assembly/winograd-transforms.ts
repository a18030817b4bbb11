// The three transforms of Winograd's F(4x4, 3x3) at the points 0, 3/4, -3/4, 3/2, -3/2 and infinity, in one dimension, for
// four channels: Y = A' [(G g G') * (B' d B)] A (Lavin and Gray 2016). The usual points 0, 1, -1, 2, -2 lose a digit; all
// entries of A and B are exact in float32 with these.
import { madd } from './arithmetic';

/** B' d: six numbers, `from` bytes apart, to six that are `to` bytes apart. */
// @ts-ignore: decorator
@inline
export function inputTransform(
  d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, target: usize, step: usize,
): void {
  const even = madd(d2, f32x4.splat(-2.25), d4);
  const odd = f32x4.mul(f32x4.splat(0.75), madd(d1, f32x4.splat(-2.25), d3));
  const even2 = madd(d2, f32x4.splat(-0.5625), d4);
  const odd2 = f32x4.mul(f32x4.splat(1.5), madd(d1, f32x4.splat(-0.5625), d3));
  v128.store(target, madd(d0, f32x4.splat(1.265625), madd(d2, f32x4.splat(-2.8125), d4)));
  v128.store(target + step, f32x4.add(even, odd));
  v128.store(target + 2 * step, f32x4.sub(even, odd));
  v128.store(target + 3 * step, f32x4.add(even2, odd2));
  v128.store(target + 4 * step, f32x4.sub(even2, odd2));
  v128.store(target + 5 * step, madd(d1, f32x4.splat(1.265625), madd(d3, f32x4.splat(-2.8125), d5)));
}

/** G g: three taps to six numbers that are `step` bytes apart. */
// @ts-ignore: decorator
@inline
export function filterTransform(g0: v128, g1: v128, g2: v128, target: usize, step: usize): void {
  const even = madd(g0, f32x4.splat(<f32>(-128.0 / 243.0)), f32x4.mul(g2, f32x4.splat(<f32>(-8.0 / 27.0))));
  const odd = f32x4.mul(g1, f32x4.splat(<f32>(32.0 / 81.0)));
  const even2 = madd(g0, f32x4.splat(<f32>(32.0 / 243.0)), f32x4.mul(g2, f32x4.splat(<f32>(8.0 / 27.0))));
  const odd2 = f32x4.mul(g1, f32x4.splat(<f32>(16.0 / 81.0)));
  v128.store(target, f32x4.mul(g0, f32x4.splat(<f32>(64.0 / 81.0))));
  v128.store(target + step, f32x4.sub(even, odd));
  v128.store(target + 2 * step, f32x4.add(even, odd));
  v128.store(target + 3 * step, f32x4.add(even2, odd2));
  v128.store(target + 4 * step, f32x4.sub(even2, odd2));
  v128.store(target + 5 * step, g2);
}

/** A' m: six numbers to four that are `step` bytes apart. */
// @ts-ignore: decorator
@inline
export function outputTransform(
  m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, target: usize, step: usize,
): void {
  const sum = f32x4.add(m1, m2);
  const difference = f32x4.sub(m1, m2);
  const sum2 = f32x4.add(m3, m4);
  const difference2 = f32x4.sub(m3, m4);
  v128.store(target, f32x4.add(m0, f32x4.add(sum, sum2)));
  v128.store(target + step, madd(difference2, f32x4.splat(1.5), f32x4.mul(difference, f32x4.splat(0.75))));
  v128.store(target + 2 * step, madd(sum2, f32x4.splat(2.25), f32x4.mul(sum, f32x4.splat(0.5625))));
  v128.store(
    target + 3 * step,
    madd(difference2, f32x4.splat(3.375), madd(difference, f32x4.splat(0.421875), m5)),
  );
}
