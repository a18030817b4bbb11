import * as tf from '@tensorflow/tfjs';
import type { GradientConfig, KernelFunction } from '../registry/registry.js';

interface Attributes {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/**
 * A running sum or product along an axis counted from either end. The stock kernels take a negative axis for a place
 * outside the tensor: wasm then reads and writes beyond its memory, and what runs after it is lost too.
 */
export function scanAlongAnyAxis(original: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as unknown as { x: tf.TensorInfo };
    const { axis } = args.attrs as unknown as Attributes;
    return original({ ...args, attrs: { ...args.attrs, axis: fromFront(axis, x.shape.length) } });
  };
}

/** Gradient of a running sum: the running sum from the other end. The stock one swaps axes unless it is the last. */
export const cumulativeSumGradient: GradientConfig = {
  kernelName: 'Cumsum',
  gradFunc: (dy, _, attrs) => {
    const { axis, exclusive, reverse } = attrs as unknown as Attributes;
    const upstream = dy as tf.Tensor;
    return { x: () => tf.cumsum(upstream, fromFront(axis, upstream.rank), exclusive, !reverse) };
  },
};

/**
 * Gradient of a running product, without a division: right where factors are zero.
 *
 * With y_j = x_0 ... x_j, dx_i is the product before i times r_i, r_i = dy_i + x_(i+1) r_(i+1). An exclusive product is
 * the inclusive one, a place later.
 */
function cumulativeProductSlopes(x: readonly tf.Tensor[], dy: readonly tf.Tensor[], exclusive: boolean): tf.Tensor[] {
  const upstream = exclusive ? [...dy.slice(1), tf.zerosLike(dy[0]!)] : dy;
  const before = [tf.onesLike(x[0]!)];
  for (let i = 1; i < x.length; i++) before.push(tf.mul(before[i - 1]!, x[i - 1]!));
  const slopes: tf.Tensor[] = [];
  let after = upstream.at(-1)!;
  for (let i = x.length - 1; i >= 0; i--) {
    if (i < x.length - 1) after = tf.add(upstream[i]!, tf.mul(x[i + 1]!, after));
    slopes[i] = tf.mul(before[i]!, after);
  }
  return slopes;
}

/** tfjs has none. */
export const cumulativeProductGradient: GradientConfig = {
  kernelName: 'Cumprod',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attrs) => {
    const { axis, exclusive, reverse } = attrs as unknown as Attributes;
    const along = fromFront(axis, x!.rank);
    const ordered = (t: tf.Tensor): tf.Tensor[] => (reverse ? tf.unstack(t, along).reverse() : tf.unstack(t, along));
    return {
      x: () => {
        const slopes = cumulativeProductSlopes(ordered(x!), ordered(dy as tf.Tensor), exclusive);
        return tf.stack(reverse ? slopes.reverse() : slopes, along);
      },
    };
  },
};
