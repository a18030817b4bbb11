import type * as tf from '@tensorflow/tfjs';
import { type DepthwiseAttributes, depthwiseInfo, eachDepthwiseTap } from './depthwise-taps.js';
import { asKernel, floats } from './heap.js';

interface Inputs {
  readonly dy: tf.TensorInfo;
  readonly filter: tf.TensorInfo;
}
interface Attributes extends DepthwiseAttributes {
  readonly inputShape: [number, number, number, number];
}

/** Gradient of a depthwise convolution with respect to its input, [N, H, W, C]. The wasm backend has none. */
export const depthwiseInputGradient = asKernel<Inputs, Attributes>(({ inputs: { dy, filter }, attrs, backend }) => {
  const { inputShape } = attrs;
  const filterShape = filter.shape as [number, number, number, number];
  const info = depthwiseInfo(inputShape, filterShape, attrs);
  const dx = backend.makeOutput(inputShape, 'float32');
  const gradient = floats(backend, dy);
  const weights = floats(backend, filter);
  const target = floats(backend, dx).fill(0);
  const channels = info.inChannels;
  const multiplier = info.outChannels / channels;
  eachDepthwiseTap(info, (pixel, tap, output) => {
    for (let channel = 0, k = 0; channel < channels; channel++) {
      for (let m = 0; m < multiplier; m++, k++) target[pixel + channel]! += gradient[output + k]! * weights[tap + k]!;
    }
  });
  return dx;
});
