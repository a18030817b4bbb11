import * as tf from '@tensorflow/tfjs';

/** Visits one tap of a depthwise convolution: where the pixel, the filter row and the output row start. */
type VisitTap = (pixel: number, filter: number, output: number) => void;

/** Calls `visit` for every output position and every tap of its window that lies inside the image. */
export function eachDepthwiseTap(info: tf.backend_util.Conv2DInfo, visit: VisitTap): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth } =
    info;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = info;
  let output = 0;
  for (let example = 0; example < batchSize; example++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++, output += outChannels) {
        for (let u = 0; u < filterHeight; u++) {
          const row = i * strideHeight + u * dilationHeight - padInfo.top;
          if (row < 0 || row >= inHeight) continue;
          for (let v = 0; v < filterWidth; v++) {
            const column = j * strideWidth + v * dilationWidth - padInfo.left;
            if (column < 0 || column >= inWidth) continue;
            const pixel = ((example * inHeight + row) * inWidth + column) * inChannels;
            visit(pixel, (u * filterWidth + v) * outChannels, output);
          }
        }
      }
    }
  }
}

/** What a depthwise kernel is told about its window. */
export interface DepthwiseAttributes {
  readonly strides: number | [number, number];
  readonly dilations: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Shapes and padding of a depthwise convolution. */
export function depthwiseInfo(
  inputShape: [number, number, number, number],
  filterShape: [number, number, number, number],
  { strides, dilations, pad, dimRoundingMode }: DepthwiseAttributes,
): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, dilations, pad, dimRoundingMode, true);
}
