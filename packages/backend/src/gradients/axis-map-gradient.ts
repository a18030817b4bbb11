import * as tf from '@tensorflow/tfjs';
import type { GradientConfig, KernelFunction } from '../registry/registry.js';

/**
 * Gradients of operations that apply one linear map per axis: y = M1 x along axis 1, then M2 along axis 2, and so on.
 * Their gradient is the transpose of each map. The maps are not written down a second time: the forward operation,
 * applied to an identity matrix, shows its map, whatever its rounding rules are.
 */
export function transposeAlong(dy: tf.Tensor, axis: number, map: tf.Tensor2D): tf.Tensor {
  const outer = dy.shape.slice(0, axis).reduce((product, n) => product * n, 1);
  const [outSize, inSize] = map.shape;
  const columns = dy.reshape([outer, outSize, -1]);
  const shape = dy.shape.map((n, k) => (k === axis ? inSize : n));
  return tf.matMul(map.transpose().reshape([1, inSize, outSize]), columns).reshape(shape);
}

type Resize = (images: tf.Tensor4D, size: [number, number], alignCorners?: boolean, halfPixel?: boolean) => tf.Tensor4D;

interface ResizeAttributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters?: boolean;
}

/**
 * Gradient kernel of an image resize, [N, H, W, C].
 *
 * The stock ones go wrong: cpu nearest-neighbour reads every example after the first at the wrong offset, cpu
 * bilinear swaps height and width, and all of them ignore `halfPixelCenters`.
 */
export function resizeGradient(resize: Resize): KernelFunction {
  return (args) => {
    const { dy, images } = args.inputs as unknown as { dy: tf.Tensor4D; images: tf.Tensor4D };
    const { alignCorners, halfPixelCenters = false } = args.attrs as unknown as ResizeAttributes;
    const [, outHeight, outWidth] = dy.shape;
    const [, inHeight, inWidth] = images.shape;
    const mapOf = (inSize: number, outSize: number): tf.Tensor2D => {
      const identity = tf.eye(inSize).reshape([1, inSize, 1, inSize]) as tf.Tensor4D;
      return resize(identity, [outSize, 1], alignCorners, halfPixelCenters).reshape([outSize, inSize]) as tf.Tensor2D;
    };
    return tf.tidy(() => {
      const rows = transposeAlong(dy, 1, mapOf(inHeight, outHeight));
      return transposeAlong(rows, 2, mapOf(inWidth, outWidth));
    });
  };
}

interface MirrorPadAttributes {
  readonly paddings: readonly (readonly [number, number])[];
  readonly mode: 'reflect' | 'symmetric';
}

/**
 * Gradient of mirror padding. The stock one only cuts the border off dy, on every backend: what the mirrored pixels
 * send back is lost.
 */
export const mirrorPadGradient: GradientConfig = {
  kernelName: 'MirrorPad',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attrs) => {
    const { paddings, mode } = attrs as unknown as MirrorPadAttributes;
    const derivative = (): tf.Tensor =>
      paddings.reduce<tf.Tensor>(
        (gradient, [before, after], axis) => {
          if (before === 0 && after === 0) return gradient;
          const identity = tf.eye(x!.shape[axis]!);
          const map = tf.mirrorPad(
            identity,
            [
              [before, after],
              [0, 0],
            ],
            mode,
          ) as tf.Tensor2D;
          return transposeAlong(gradient, axis, map);
        },
        tf.clone(dy as tf.Tensor),
      );
    return { x: derivative };
  },
};
