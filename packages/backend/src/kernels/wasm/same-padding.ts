import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../../registry/registry.js';

interface Attributes {
  readonly strides: number | [number, number];
  readonly dilations: number | [number, number];
  readonly pad: unknown;
  readonly dataFormat: 'NHWC' | 'NCHW';
}

/**
 * Forward convolution with padding 'same' whose stride leaves pixels over, (out - 1) * stride + window < in.
 *
 * XNNPACK refuses its 'same' flag there, tfjs does not look, and the output is whatever the memory held: zeros, most
 * often (8 x 8 image, 3 x 3 window, stride 4). The same padding in numbers is accepted.
 */
export function explicitSamePadding(original: KernelFunction): KernelFunction {
  return (args) => {
    const { strides, dilations, pad, dataFormat } = args.attrs as unknown as Attributes;
    if (pad !== 'same' || dataFormat === 'NCHW') return original(args);
    const [xShape, filterShape] = [args.inputs['x']!.shape, args.inputs['filter']!.shape] as [
      [number, number, number, number],
      [number, number, number, number],
    ];
    const info = tf.backend_util.computeConv2DInfo(xShape, filterShape, strides, dilations, 'same');
    const { top, bottom, left, right } = info.padInfo;
    const leftOver =
      (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight < info.inHeight ||
      (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth < info.inWidth;
    if (!leftOver) return original(args);
    const explicit = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ];
    return original({ ...args, attrs: { ...args.attrs, pad: explicit } });
  };
}
