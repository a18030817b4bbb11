import * as tf from '@tensorflow/tfjs';

type Info = tf.backend_util.Conv3DInfo;
/** What the pooling kernels are told. */
export interface Pool3dAttributes {
  readonly filterSize: number | [number, number, number];
  readonly strides: number | [number, number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export const pool3dInfo = (shape: number[], { filterSize, strides, pad, dimRoundingMode }: Pool3dAttributes): Info =>
  tf.backend_util.computePool3DInfo(shape as [number, number, number, number, number], filterSize, strides, 1, pad, dimRoundingMode); // prettier-ignore

/** The steps of one axis that a window covers: padding is no step. */
function span(index: number, stride: number, padding: number, window: number, length: number): [number, number] {
  const begin = index * stride - padding;
  return [Math.max(0, begin), Math.min(length, begin + window)];
}

/** Calls `visit(output, largest)` for every window of [N, D, H, W, C]: where it writes and where its first largest is. */
export function eachWindow(x: Float32Array, info: Info, visit: (output: number, largest: number) => void): void {
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
