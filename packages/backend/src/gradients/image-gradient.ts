import * as tf from '@tensorflow/tfjs';
import { refuseBoxes } from '../registry/refusals.js';
import type { GradientConfig } from '../registry/registry.js';

/** Gradient of a mirrored image: the mirrored gradient. tfjs has none. */
export const flipGradient: GradientConfig = {
  kernelName: 'FlipLeftRight',
  gradFunc: (dy) => ({ image: () => tf.reverse(dy as tf.Tensor, 2) }),
};

interface CropAttributes {
  readonly cropSize: [number, number];
  readonly method: 'bilinear' | 'nearest';
}

/**
 * Gradient of crops of images, `[boxes, height, width, C]`, with respect to the images. Each crop is one linear map of
 * its rows and one of its columns; the forward operation, applied to an identity matrix, shows both. tfjs has none.
 */
export const cropGradient: GradientConfig = {
  kernelName: 'CropAndResize',
  inputsToSave: ['image', 'boxes', 'boxInd'],
  gradFunc: (dy, saved, attrs) => {
    const [image, boxes, owner] = saved as [tf.Tensor4D, tf.Tensor2D, tf.Tensor1D];
    const { cropSize, method } = attrs as unknown as CropAttributes;
    const [count, height, width, channels] = (dy as tf.Tensor4D).shape;
    const [images, inHeight, inWidth] = image.shape;
    const first = tf.zeros([count], 'int32') as tf.Tensor1D;
    /** What each box does along one axis, [boxes, out, in]. */
    const mapOf = (from: number, inSize: number, outSize: number): tf.Tensor3D => {
      const column = (k: number): tf.Tensor2D => tf.slice(boxes, [0, k], [count, 1]);
      const none = tf.zeros([count, 1]) as tf.Tensor2D;
      const alone = tf.concat([column(from), none, column(from + 2), none], 1);
      const identity = tf.eye(inSize).reshape([1, inSize, 1, inSize]) as tf.Tensor4D;
      return tf.image.cropAndResize(identity, alone, first, [outSize, 1], method, 0).reshape([count, outSize, inSize]);
    };
    const derivative = (): tf.Tensor => {
      const rows = tf.matMul(
        mapOf(0, inHeight, cropSize[0]),
        (dy as tf.Tensor).reshape([count, height, width * channels]),
        true,
      );
      const across = rows.reshape([count, inHeight, width, channels]).transpose([0, 2, 1, 3]);
      const both = tf.matMul(mapOf(1, inWidth, cropSize[1]), across.reshape([count, width, inHeight * channels]), true);
      const placed = both.reshape([count, inWidth, inHeight, channels]).transpose([0, 2, 1, 3]);
      const flat = placed.reshape([count, inHeight * inWidth * channels]);
      return tf.unsortedSegmentSum(flat, tf.cast(owner, 'int32'), images).reshape(image.shape);
    };
    return { image: derivative, boxes: refuseBoxes, boxInd: refuseBoxes };
  },
};

/** Gradient of a transposed 3-D convolution: tfjs has none. */
export const transposedConvolution3dGradient: GradientConfig = {
  kernelName: 'Conv3DBackpropInputV2',
  inputsToSave: ['dy', 'filter'],
  gradFunc: (ddx, saved, attrs) => {
    const [dy, filter] = saved as [tf.Tensor5D, tf.Tensor5D];
    const { strides, pad } = attrs as unknown as { strides: [number, number, number]; pad: 'same' | 'valid' };
    return {
      dy: () => tf.conv3d(ddx as tf.Tensor5D, filter, strides, pad),
      filter: () =>
        tf
          .engine()
          .runKernel(
            'Conv3DBackpropFilterV2',
            { x: ddx as tf.Tensor, dy },
            { strides, pad, filterShape: filter.shape },
          ) as tf.Tensor,
    };
  },
};
