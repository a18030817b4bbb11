import * as tf from '@tensorflow/tfjs';
import { asKernel, floats } from './heap.js';
import { addressOf, simdKernels } from './simd/kernels.js';

interface Inputs {
  readonly dy: tf.TensorInfo;
  readonly input: tf.TensorInfo;
}
interface Attributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * Gradient of 2-D max pooling, [N, H, W, C]: every window hands its gradient to its first largest pixel.
 *
 * The stock wasm kernel starts its search at the smallest positive float (MaxPoolGrad.cc:76), so a window without a
 * positive value loses its gradient. That is wrong after a convolution, tanh or BatchNorm, and harmless only after a
 * ReLU.
 */
export const maxPoolGradient = asKernel<Inputs, Attributes>(({ inputs: { dy, input }, attrs, backend }) => {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const shape = input.shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, strideHeight, strideWidth, padInfo } = info;
  const dx = backend.makeOutput(shape, 'float32');
  const simd = simdKernels(backend);
  if (simd) {
    const isCovered =
      inChannels >= 4 &&
      padInfo.top === 0 &&
      padInfo.left === 0 &&
      strideHeight === info.filterHeight &&
      strideWidth === info.filterWidth &&
      outHeight * strideHeight === inHeight &&
      outWidth * strideWidth === inWidth;
    // Windows side by side write every pixel, four channels at a time; all others are added to.
    if (!isCovered) floats(backend, dx).fill(0);
    const [from, slopes, to] = [input, dy, dx].map((tensor) => addressOf(backend, tensor)) as [number, number, number];
    const sizes = [batchSize, inHeight, inWidth, inChannels, outHeight, outWidth];
    const windows = [info.filterHeight, info.filterWidth, strideHeight, strideWidth, padInfo.top, padInfo.left];
    simd.maxPoolGradient(from, slopes, to, ...sizes, ...windows);
    return dx;
  }
  const x = floats(backend, input);
  const gradient = floats(backend, dy);
  const target = floats(backend, dx).fill(0);
  let output = 0;
  for (let example = 0; example < batchSize; example++) {
    for (let i = 0; i < outHeight; i++) {
      const top = Math.max(0, i * strideHeight - padInfo.top);
      const height = Math.min(inHeight, i * strideHeight - padInfo.top + info.filterHeight) - top;
      for (let j = 0; j < outWidth; j++) {
        const left = Math.max(0, j * strideWidth - padInfo.left);
        const width = Math.min(inWidth, j * strideWidth - padInfo.left + info.filterWidth) - left;
        const corner = ((example * inHeight + top) * inWidth + left) * inChannels;
        for (let first = corner; first < corner + inChannels; first++, output++) {
          let largest = first;
          let maximum = x[first]!;
          for (let r = 0, row = first; r < height; r++, row += inWidth * inChannels) {
            for (let c = 0, pixel = row; c < width; c++, pixel += inChannels) {
              const value = x[pixel]!;
              if (value > maximum) {
                maximum = value;
                largest = pixel;
              }
            }
          }
          target[largest]! += gradient[output]!;
        }
      }
    }
  }
  return dx;
});
