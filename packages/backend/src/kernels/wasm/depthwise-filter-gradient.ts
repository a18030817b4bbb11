import type * as tf from '@tensorflow/tfjs';
import { type DepthwiseAttributes, depthwiseInfo, eachDepthwiseTap } from './depthwise-taps.js';
import { asKernel, floats } from './heap.js';

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly dy: tf.TensorInfo;
}
interface Attributes extends DepthwiseAttributes {
  readonly filterShape: [number, number, number, number];
}

/**
 * Gradient of a depthwise convolution with respect to its filter, [filterHeight, filterWidth, inChannels,
 * multiplier]. The wasm backend has none.
 */
export const depthwiseFilterGradient = asKernel<Inputs, Attributes>(({ inputs: { x, dy }, attrs, backend }) => {
  const { filterShape } = attrs;
  const inputShape = x.shape as [number, number, number, number];
  const info = depthwiseInfo(inputShape, filterShape, attrs);
  const dw = backend.makeOutput(filterShape, 'float32');
  const image = floats(backend, x);
  const gradient = floats(backend, dy);
  const target = floats(backend, dw).fill(0);
  const channels = info.inChannels;
  const multiplier = info.outChannels / channels;
  eachDepthwiseTap(info, (pixel, tap, output) => {
    for (let channel = 0, k = 0; channel < channels; channel++) {
      for (let m = 0; m < multiplier; m++, k++) target[tap + k]! += gradient[output + k]! * image[pixel + channel]!;
    }
  });
  return dw;
});
