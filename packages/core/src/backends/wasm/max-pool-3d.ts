import * as tf from '@tensorflow/tfjs';
import { asKernel, floats } from './heap.js';

type Info = tf.backend_util.Conv3DInfo;
interface Attributes {
  readonly filterSize: number | [number, number, number];
  readonly strides: number | [number, number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const infoOf = (shape: number[], { filterSize, strides, pad, dimRoundingMode }: Attributes): Info =>
  tf.backend_util.computePool3DInfo(shape as [number, number, number, number, number], filterSize, strides, 1, pad, dimRoundingMode); // prettier-ignore

/** The steps of one axis that a window covers: padding is no step. */
function span(index: number, stride: number, padding: number, window: number, length: number): [number, number] {
  const begin = index * stride - padding;
  return [Math.max(0, begin), Math.min(length, begin + window)];
}

/** Calls `visit(output, largest)` for every window of [N, D, H, W, C]: where it writes and where its first largest is. */
function eachWindow(x: Float32Array, info: Info, visit: (output: number, largest: number) => void): void {
  const { inDepth, inHeight, inWidth, inChannels: channels, padInfo } = info;
  let output = 0;
  for (let example = 0; example < info.batchSize; example++) {
    for (let d = 0; d < info.outDepth; d++) {
      const [front, back] = span(d, info.strideDepth, padInfo.front, info.filterDepth, inDepth);
      for (let h = 0; h < info.outHeight; h++) {
        const [top, bottom] = span(h, info.strideHeight, padInfo.top, info.filterHeight, inHeight);
        for (let w = 0; w < info.outWidth; w++) {
          const [left, right] = span(w, info.strideWidth, padInfo.left, info.filterWidth, inWidth);
          for (let channel = 0; channel < channels; channel++, output++) {
            let largest = -1;
            for (let z = front; z < back; z++) {
              for (let y = top; y < bottom; y++) {
                const row = ((example * inDepth + z) * inHeight + y) * inWidth;
                for (let at = (row + left) * channels + channel; at < (row + right) * channels; at += channels) {
                  if (largest < 0 || x[at]! > x[largest]!) largest = at;
                }
              }
            }
            visit(output, largest);
          }
        }
      }
    }
  }
}

/**
 * 3-D max pooling, [N, D, H, W, C]. The stock wasm kernel starts its search at the smallest positive float, so a window
 * without a positive value gives 1.18e-38: wrong after a convolution, tanh or BatchNorm, right only after a ReLU.
 */
export const maxPool3d = asKernel<{ readonly x: tf.TensorInfo }, Attributes>(({ inputs: { x }, attrs, backend }) => {
  const info = infoOf(x.shape, attrs);
  const result = backend.makeOutput(info.outShape, 'float32');
  const values = floats(backend, x);
  const target = floats(backend, result);
  eachWindow(values, info, (output, largest) => {
    target[output] = values[largest]!;
  });
  return result;
});

/** Its gradient: every window hands its gradient to its first largest voxel, as the 2-D one does. */
export const maxPool3dGradient = asKernel<{ readonly dy: tf.TensorInfo; readonly input: tf.TensorInfo }, Attributes>(
  ({ inputs: { dy, input }, attrs, backend }) => {
    const info = infoOf(input.shape, attrs);
    const dx = backend.makeOutput(input.shape, 'float32');
    const gradient = floats(backend, dy);
    const target = floats(backend, dx).fill(0);
    eachWindow(floats(backend, input), info, (output, largest) => {
      target[largest]! += gradient[output]!;
    });
    return dx;
  },
);
