import * as tf from '@tensorflow/tfjs';
import { transposeAlong } from './axis-map-gradient.js';
import type { GradientConfig, KernelFunction } from '../registry/registry.js';

export interface Strides {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/** Where a slice with steps lies, as tfjs reads its masks; `taken` is the shape before axes are dropped or added. */
export function placesOf(
  shape: number[],
  a: Strides,
): ReturnType<typeof tf.slice_util.sliceInfo> & { taken: number[] } {
  const info = tf.slice_util.sliceInfo(
    shape,
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  return { ...info, taken: tf.slice_util.computeOutShape(info.begin, info.end, info.strides) };
}

/**
 * A slice with steps that may drop axes, as x[1, ::2]. The stock kernels then read with the strides of the shape that is
 * left: 15 17 19 for 15 16 17. Here they slice first, and the axes go afterwards.
 */
export function droppingStridedSlice(original: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as unknown as { x: tf.TensorInfo };
    const attrs = args.attrs as unknown as Strides;
    if (attrs.shrinkAxisMask === 0 && attrs.newAxisMask === 0) return original(args);
    const { begin, end, strides, finalShape, isIdentity, isSimpleSlice, sliceDim0 } = placesOf([...x.shape], attrs);
    if (isIdentity || isSimpleSlice || sliceDim0) return original(args);
    // A step back as far as the first entry ends before it, at -1, which would be read as the last one.
    const endMask = end.reduce((mask, place, axis) => (place < 0 ? mask | (1 << axis) : mask), 0);
    const none = { beginMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
    const sliced = original({ ...args, attrs: { begin, end, strides, endMask, ...none } }) as tf.TensorInfo;
    return { dataId: sliced.dataId, dtype: sliced.dtype, shape: finalShape };
  };
}

/** Gradient of a slice with steps: dy at the places that were taken, zero between them. tfjs has none. */
export const stridedSliceGradient: GradientConfig = {
  kernelName: 'StridedSlice',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attrs) => {
    const { begin, strides, taken } = placesOf(x!.shape, attrs as unknown as Strides);
    const derivative = (): tf.Tensor =>
      x!.shape.reduce<tf.Tensor>(
        (gradient, size, axis) => {
          const count = taken[axis]!;
          if (count === size && strides[axis] === 1) return gradient;
          const places = Int32Array.from({ length: count }, (_, k) => begin[axis]! + k * strides[axis]!);
          const map = new Float32Array(count * size);
          places.forEach((place, k) => (map[k * size + place] = 1));
          return transposeAlong(gradient, axis, tf.tensor2d(map, [count, size]));
        },
        (dy as tf.Tensor).reshape(taken),
      );
    return { x: derivative };
  },
};
