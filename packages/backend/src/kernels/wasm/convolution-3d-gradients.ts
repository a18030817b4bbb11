import * as tf from '@tensorflow/tfjs';
import { asKernel, floats } from './heap.js';

type Shape5 = [number, number, number, number, number];

interface Attributes {
  readonly strides: number | [number, number, number];
  readonly pad: 'same' | 'valid';
}

/** Calls `visit` with the start of the pixel, of the tap's matrix and of the output, for every tap inside the volume. */
function eachTap(
  inputShape: Shape5,
  filterShape: Shape5,
  { strides, pad }: Attributes,
  visit: (pixel: number, tap: number, output: number) => void,
): void {
  const info = tf.backend_util.computeConv3DInfo(inputShape, filterShape, strides, 1, pad);
  const { batchSize, inDepth, inHeight, inWidth, inChannels, outDepth, outHeight, outWidth, outChannels } = info;
  const { filterDepth, filterHeight, filterWidth, strideDepth, strideHeight, strideWidth, padInfo } = info;
  let output = 0;
  for (let example = 0; example < batchSize; example++) {
    for (let d = 0; d < outDepth; d++) {
      for (let i = 0; i < outHeight; i++) {
        for (let j = 0; j < outWidth; j++, output += outChannels) {
          for (let t = 0; t < filterDepth; t++) {
            const depth = d * strideDepth + t - padInfo.front;
            if (depth < 0 || depth >= inDepth) continue;
            for (let u = 0; u < filterHeight; u++) {
              const row = i * strideHeight + u - padInfo.top;
              if (row < 0 || row >= inHeight) continue;
              for (let v = 0; v < filterWidth; v++) {
                const column = j * strideWidth + v - padInfo.left;
                if (column < 0 || column >= inWidth) continue;
                const pixel = (((example * inDepth + depth) * inHeight + row) * inWidth + column) * inChannels;
                visit(pixel, ((t * filterHeight + u) * filterWidth + v) * inChannels * outChannels, output);
              }
            }
          }
        }
      }
    }
  }
}

/**
 * Gradient of a 3-D convolution with respect to its input, [N, D, H, W, C]. The stock kernel returns wrong numbers.
 * A plain loop: right, and no slower in kind than this backend's forward pass, which is a plain loop too.
 */
export const convolution3dInputGradient = asKernel<
  { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo },
  Attributes & { readonly inputShape: Shape5 }
>(({ inputs: { dy, filter }, attrs, backend }) => {
  const filterShape = filter.shape as Shape5;
  const dx = backend.makeOutput(attrs.inputShape, 'float32');
  const gradient = floats(backend, dy);
  const weights = floats(backend, filter);
  const target = floats(backend, dx).fill(0);
  const [, , , inChannels, outChannels] = filterShape;
  eachTap(attrs.inputShape, filterShape, attrs, (pixel, tap, output) => {
    for (let channel = 0; channel < inChannels; channel++) {
      let sum = 0;
      for (let k = 0; k < outChannels; k++) sum += gradient[output + k]! * weights[tap + channel * outChannels + k]!;
      target[pixel + channel]! += sum;
    }
  });
  return dx;
});

/** The same with respect to the filter, [depth, height, width, inChannels, outChannels]: stock numbers are wrong too. */
export const convolution3dFilterGradient = asKernel<
  { readonly x: tf.TensorInfo; readonly dy: tf.TensorInfo },
  Attributes & { readonly filterShape: Shape5 }
>(({ inputs: { x, dy }, attrs, backend }) => {
  const { filterShape } = attrs;
  const dw = backend.makeOutput(filterShape, 'float32');
  const image = floats(backend, x);
  const gradient = floats(backend, dy);
  const target = floats(backend, dw).fill(0);
  const [, , , inChannels, outChannels] = filterShape;
  eachTap(x.shape as Shape5, filterShape, attrs, (pixel, tap, output) => {
    for (let channel = 0; channel < inChannels; channel++) {
      const value = image[pixel + channel]!;
      for (let k = 0; k < outChannels; k++) target[tap + channel * outChannels + k]! += gradient[output + k]! * value;
    }
  });
  return dw;
});
