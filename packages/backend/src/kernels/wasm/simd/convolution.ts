import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../../../registry/registry.js';
import type { WasmBackend } from '../heap.js';
import { areConvolutionsExact, isForwardFast } from './exact.js';
import { simdKernels } from './kernels.js';
import { greyConvolution, spreadGradient, stretchGradient } from './small-convolutions.js';
import { forwardByTaps, gradientByTaps } from './tap-convolution.js';
import { type Extras, type Geometry, suitsWinograd, winogradConvolution } from './winograd.js';

interface Attributes {
  readonly strides: number | [number, number];
  readonly dilations: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  /** Of the fused kernel. */
  readonly activation?: string;
}

type Shape = [number, number, number, number];

const isFloat = ({ dtype }: tf.TensorInfo): boolean => dtype === 'float32';

/** A convolution of 3 x 3, stride 1, without dilation; null for another. */
function plain3x3(info: tf.backend_util.Conv2DInfo): Geometry | null {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const is3x3 = filterHeight === 3 && filterWidth === 3;
  const isPlain = [strideHeight, strideWidth, dilationHeight, dilationWidth].every((step) => step === 1);
  if (!is3x3 || !isPlain) return null;
  const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels, outChannels, padInfo } = info;
  return {
    batch: batchSize,
    height: inHeight,
    width: inWidth,
    outHeight,
    outWidth,
    inChannels,
    outChannels,
    padTop: padInfo.top,
    padLeft: padInfo.left,
  };
}

function convolve(
  backend: WasmBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  geometry: Geometry | null,
  extras: Extras,
): tf.TensorInfo | null {
  if (geometry === null || areConvolutionsExact() || !suitsWinograd(geometry, !extras.flipped)) return null;
  const simd = isFloat(x) && isFloat(filter) ? simdKernels(backend) : null;
  return simd && winogradConvolution(simd, backend, x, filter, geometry, extras);
}

/** `Conv2D` and `FusedConv2D`: large ones of 3 x 3 by Winograd's products, of one channel and many others by the definition. */
export function fastConvolution(original: KernelFunction): KernelFunction {
  return (args) => {
    const { x, filter, bias } = args.inputs as Record<string, tf.TensorInfo>;
    const attrs = args.attrs as unknown as Attributes;
    const { strides, dilations, pad, dataFormat, dimRoundingMode, activation = 'linear' } = attrs;
    if (dataFormat === 'NCHW' || !['linear', 'relu'].includes(activation)) return original(args);
    const shapes = [x!.shape, filter!.shape] as [Shape, Shape];
    const info = tf.backend_util.computeConv2DInfo(...shapes, strides, dilations, pad, dimRoundingMode);
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== info.outChannels)) return original(args);
    const backend = args.backend as WasmBackend;
    const extras = { bias, relu: activation === 'relu' };
    const fast = isForwardFast() ? convolve(backend, x!, filter!, plain3x3(info), extras) : null;
    if (fast) return fast;
    const simd = isFloat(x!) && isFloat(filter!) ? simdKernels(backend) : null;
    if (!simd) return original(args);
    const isPlain = !bias && activation === 'linear';
    return (
      (isPlain ? greyConvolution(simd, backend, x!, filter!, info) : null) ??
      forwardByTaps(simd, backend, x!, filter!, info, extras) ??
      original(args)
    );
  };
}

/** The input gradient of a convolution where there is a kernel of ours for it; null for another. */
export function fastInputGradient(
  backend: WasmBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  info: tf.backend_util.Conv2DInfo,
): tf.TensorInfo | null {
  const forward = plain3x3(info);
  const turned = forward && {
    batch: forward.batch,
    height: forward.outHeight,
    width: forward.outWidth,
    outHeight: forward.height,
    outWidth: forward.width,
    inChannels: forward.outChannels,
    outChannels: forward.inChannels,
    padTop: 2 - forward.padTop,
    padLeft: 2 - forward.padLeft,
  };
  const fast = convolve(backend, dy, filter, turned, { flipped: true });
  if (fast) return fast;
  const simd = isFloat(dy) && isFloat(filter) ? simdKernels(backend) : null;
  if (!simd) return null;
  return (
    stretchGradient(simd, backend, dy, filter, info) ??
    spreadGradient(simd, backend, dy, filter, info) ??
    gradientByTaps(simd, backend, dy, filter, info)
  );
}
