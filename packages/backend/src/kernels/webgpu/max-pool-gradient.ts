import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../../registry/registry.js';
import { gridOf, recordProgram, type WebgpuBackend } from './backend.js';

interface Attributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** One thread a pixel: it looks into each window that holds it, and takes the gradient of those it is the maximum of. */
function shader(info: tf.backend_util.Conv2DInfo): string {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, strideHeight, strideWidth, padInfo } = info;
  // The windows of one axis that hold a pixel: o * stride - pad <= at < o * stride - pad + extent.
  const windows = (o: string, at: string, extent: number, stride: number, pad: number, out: number): string =>
    `var ${o} = max(0, (${at} + ${pad - extent + stride}) / ${stride}); ` +
    `${o} <= min(${out - 1}, (${at} + ${pad}) / ${stride}); ${o}++`;
  return `
    @group(0) @binding(0) var<storage, read> dy: array<f32>;
    @group(0) @binding(1) var<storage, read> x: array<f32>;
    @group(0) @binding(2) var<storage, read_write> dx: array<f32>;

    fn pixel(example: i32, row: i32, column: i32, channel: i32) -> i32 {
      return ((example * ${inHeight} + row) * ${inWidth} + column) * ${inChannels} + channel;
    }

    // The first of the largest pixels of a window, row by row.
    fn winner(example: i32, i: i32, j: i32, channel: i32) -> i32 {
      let top = i * ${strideHeight} - ${padInfo.top};
      let left = j * ${strideWidth} - ${padInfo.left};
      var best = pixel(example, max(0, top), max(0, left), channel);
      for (var r = max(0, top); r < min(${inHeight}, top + ${info.filterHeight}); r++) {
        for (var c = max(0, left); c < min(${inWidth}, left + ${info.filterWidth}); c++) {
          let candidate = pixel(example, r, c, channel);
          if (x[candidate] > x[best]) { best = candidate; }
        }
      }
      return best;
    }

    @compute @workgroup_size(${gridOf.threads})
    fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
      let index = id.y * groups.x * ${gridOf.threads}u + id.x;
      if (index >= arrayLength(&dx)) { return; }
      let own = i32(index);
      let channel = own % ${inChannels};
      let column = own / ${inChannels} % ${inWidth};
      let row = own / ${inChannels * inWidth} % ${inHeight};
      let example = own / ${inChannels * inWidth * inHeight};
      var sum = 0.0;
      for (${windows('i', 'row', info.filterHeight, strideHeight, padInfo.top, outHeight)}) {
        for (${windows('j', 'column', info.filterWidth, strideWidth, padInfo.left, outWidth)}) {
          if (winner(example, i, j, channel) == own) {
            sum += dy[((example * ${outHeight} + i) * ${outWidth} + j) * ${inChannels} + channel];
          }
        }
      }
      dx[index] = sum;
    }`;
}

/**
 * Gradient of 2-D max pooling, [N, H, W, C]: every window hands its gradient to its first largest pixel, as TensorFlow
 * and the other backends do.
 *
 * The stock kernel takes the last. Equal pixels are the rule where images have a plain background: LeNet's VoG on
 * Fashion-MNIST came out 2 % apart from every other backend.
 */
export function firstMaximumGradient(original: KernelFunction): KernelFunction {
  return (args) => {
    const { dy, input } = args.inputs as unknown as { dy: tf.TensorInfo; input: tf.TensorInfo };
    if (input.dtype !== 'float32' || dy.dtype !== 'float32') return original(args);
    const { filterSize, strides, pad, dimRoundingMode } = args.attrs as unknown as Attributes;
    const shape = input.shape as [number, number, number, number];
    const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const { inHeight, inWidth, inChannels, outHeight, outWidth, strideHeight, strideWidth, padInfo } = info;
    const backend = args.backend as unknown as WebgpuBackend;
    const dx = backend.makeTensorInfo([...shape], 'float32');
    const sizes = [inHeight, inWidth, inChannels, outHeight, outWidth, info.filterHeight, info.filterWidth];
    recordProgram(backend, {
      key: `vogjs max pool gradient ${[...sizes, strideHeight, strideWidth, padInfo.top, padInfo.left].join(' ')}`,
      code: shader(info),
      inputs: [dy, input],
      outputs: [dx],
      workgroups: gridOf(tf.util.sizeFromShape(shape)),
    });
    return dx;
  };
}
