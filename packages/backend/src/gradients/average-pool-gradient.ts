import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../registry/registry.js';

interface Attributes<Size> {
  readonly filterSize: number | Size;
  readonly strides: number | Size;
  readonly pad: 'same' | 'valid' | number;
}

/** Window area of one axis over the number of image pixels each window covers: 1 inside, more at the borders. */
function excess(outSize: number, stride: number, filter: number, pad: number, inSize: number): number[] {
  return Array.from({ length: outSize }, (_, i) => {
    const start = i * stride - pad;
    return filter / (Math.min(inSize, start + filter) - Math.max(0, start));
  });
}

/** Runs the stock kernel on dy, scaled along its spatial axes. */
function withScaledGradient(
  original: KernelFunction,
  args: Parameters<KernelFunction>[0],
  axes: readonly number[][],
): ReturnType<KernelFunction> {
  if (axes.flat().every((factor) => factor === 1)) return original(args);
  const { dy } = args.inputs as unknown as { dy: tf.Tensor };
  const factors = axes.reduce((outer, axis) => outer.flatMap((a) => axis.map((b) => a * b)), [1]);
  const scale = Float32Array.from(factors);
  const scaled = tf.tidy(() => tf.mul(dy, tf.tensor(scale, [1, ...axes.map(({ length }) => length), 1])));
  try {
    return original({ ...args, inputs: { ...args.inputs, dy: scaled } });
  } finally {
    scaled.dispose();
  }
}

/**
 * Gradient of 2-D average pooling, made right where windows reach into the padding.
 *
 * The forward pass divides by the number of pixels inside the image, the stock gradient of the JavaScript backends
 * always by the window's area: 0.25 off on a 6 x 6 image. Pooling is linear, so scaling dy by area / covered before
 * the stock kernel gives the exact gradient. tfjs-node is exact and never gets this kernel.
 */
export function averagePoolGradient(original: KernelFunction): KernelFunction {
  return (args) => {
    const { input } = args.inputs as unknown as { input: tf.Tensor4D };
    const { filterSize, strides, pad } = args.attrs as unknown as Attributes<[number, number]>;
    const info = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad);
    return withScaledGradient(original, args, [
      excess(info.outHeight, info.strideHeight, info.filterHeight, info.padInfo.top, info.inHeight),
      excess(info.outWidth, info.strideWidth, info.filterWidth, info.padInfo.left, info.inWidth),
    ]);
  };
}

/** The same for 3-D average pooling. */
export function averagePool3dGradient(original: KernelFunction): KernelFunction {
  return (args) => {
    const { input } = args.inputs as unknown as { input: tf.Tensor5D };
    const { filterSize, strides, pad } = args.attrs as unknown as Attributes<[number, number, number]>;
    const info = tf.backend_util.computePool3DInfo(input.shape, filterSize, strides, 1, pad);
    return withScaledGradient(original, args, [
      excess(info.outDepth, info.strideDepth, info.filterDepth, info.padInfo.front, info.inDepth),
      excess(info.outHeight, info.strideHeight, info.filterHeight, info.padInfo.top, info.inHeight),
      excess(info.outWidth, info.strideWidth, info.filterWidth, info.padInfo.left, info.inWidth),
    ]);
  };
}
