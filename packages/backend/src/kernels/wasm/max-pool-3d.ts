import type * as tf from '@tensorflow/tfjs';
import { eachWindow, pool3dInfo, type Pool3dAttributes } from '../pooling-windows-3d.js';
import { asKernel, floats } from './heap.js';

/**
 * 3-D max pooling, [N, D, H, W, C]. The stock wasm kernel starts its search at the smallest positive float, so a window
 * without a positive value gives 1.18e-38: wrong after a convolution, tanh or BatchNorm, right only after a ReLU.
 */
export const maxPool3d = asKernel<{ readonly x: tf.TensorInfo }, Pool3dAttributes>(
  ({ inputs: { x }, attrs, backend }) => {
    const info = pool3dInfo(x.shape, attrs);
    const result = backend.makeOutput(info.outShape, 'float32');
    const values = floats(backend, x);
    const target = floats(backend, result);
    eachWindow(values, info, (output, largest) => {
      target[output] = values[largest]!;
    });
    return result;
  },
);

/** Its gradient: every window hands its gradient to its first largest voxel, as the 2-D one does. */
export const maxPool3dGradient = asKernel<
  { readonly dy: tf.TensorInfo; readonly input: tf.TensorInfo },
  Pool3dAttributes
>(({ inputs: { dy, input }, attrs, backend }) => {
  const info = pool3dInfo(input.shape, attrs);
  const dx = backend.makeOutput(input.shape, 'float32');
  const gradient = floats(backend, dy);
  const target = floats(backend, dx).fill(0);
  eachWindow(floats(backend, input), info, (output, largest) => {
    target[largest]! += gradient[output]!;
  });
  return dx;
});
