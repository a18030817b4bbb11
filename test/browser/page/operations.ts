// Operations whose gradients backends of TensorFlow.js get wrong, or lack.
import * as tf from '@tensorflow/tfjs';
import { type BatchFunction } from '@vogjs/backend';
import { normalValues, type Random } from '@vogjs/testing/random';

export interface Operation {
  readonly name: string;
  /** Shape of the input that is differentiated, [N, ...]. */
  readonly shape: readonly number[];
  /** Built once a check: its constants are drawn before and shared by all evaluations. */
  readonly f: (random: Random) => BatchFunction;
}

export function normalOf(random: Random, shape: readonly number[]): tf.Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(normalValues(count, random), [...shape]);
}

const perExample =
  (f: (example: tf.Tensor) => tf.Tensor): BatchFunction =>
  (x) =>
    tf.stack(tf.unstack(x).map(f));

const pools: Operation[] = [
  {
    name: 'max pool of negative values',
    shape: [3, 6, 6, 2],
    f: () => (x) => tf.maxPool(tf.sub(x, 5) as tf.Tensor4D, 2, 2, 'same'),
  },
  {
    name: 'average pool, 3x3 stride 2, same',
    shape: [3, 7, 6, 2],
    f: () => (x) => tf.avgPool(x as tf.Tensor4D, 3, 2, 'same'),
  },
  {
    name: '3-D average pool, same',
    shape: [2, 5, 5, 4, 2],
    f: () => (x) => tf.avgPool3d(x as tf.Tensor5D, 3, 2, 'same'),
  },
  {
    name: '3-D max pool, same',
    shape: [2, 5, 5, 4, 2],
    f: () => (x) => tf.maxPool3d(x as tf.Tensor5D, 3, 2, 'same'),
  },
];

const resizes: Operation[] = (['resizeNearestNeighbor', 'resizeBilinear'] as const).flatMap((resize) =>
  (
    [
      ['', false, false],
      [', corners aligned', true, false],
      [', half-pixel centres', false, true],
    ] as const
  ).flatMap(([suffix, aligned, centred]) =>
    (
      [
        [8, 10],
        [7, 11],
        [3, 2],
      ] as const
    ).map((size) => ({
      name: `${resize} to ${size.join(' x ')}${suffix}`,
      shape: [3, 4, 5, 3],
      f: () => (x: tf.Tensor) => tf.image[resize](x as tf.Tensor4D, [...size], aligned, centred),
    })),
  ),
);

const convolutions: Operation[] = [
  {
    name: 'fused convolution',
    shape: [2, 5, 6, 2],
    f: (random) => {
      const filter = normalOf(random, [3, 3, 2, 3]) as tf.Tensor4D;
      return (x) => tf.fused.conv2d({ x: x as tf.Tensor4D, filter, strides: 1, pad: 'same' });
    },
  },
  {
    name: 'convolution with respect to its filter',
    shape: [2, 3, 4, 2, 3],
    f: (random) => {
      const x = normalOf(random, [4, 7, 6, 2]) as tf.Tensor4D;
      return perExample((filter) => tf.conv2d(x, filter as tf.Tensor4D, 2, 'same'));
    },
  },
  {
    name: 'depthwise convolution with respect to its filter',
    shape: [2, 3, 2, 2, 2],
    f: (random) => {
      const x = normalOf(random, [3, 7, 6, 2]) as tf.Tensor4D;
      return perExample((filter) => tf.depthwiseConv2d(x, filter as tf.Tensor4D, 1, 'same'));
    },
  },
  {
    name: '3-D convolution',
    shape: [2, 4, 5, 4, 2],
    f: (random) => {
      const filter = normalOf(random, [2, 3, 2, 2, 3]) as tf.Tensor5D;
      return (x) => tf.conv3d(x as tf.Tensor5D, filter, 2, 'same');
    },
  },
  {
    name: '3-D convolution with respect to its filter',
    shape: [2, 2, 3, 2, 2, 3],
    f: (random) => {
      const x = normalOf(random, [2, 4, 5, 4, 2]) as tf.Tensor5D;
      return perExample((filter) => tf.conv3d(x, filter as tf.Tensor5D, 2, 'same'));
    },
  },
];

const others: Operation[] = [
  {
    name: 'mirror padding',
    shape: [2, 4, 5],
    f: () => (x) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [2, 1],
          [1, 2],
        ],
        'reflect',
      ),
  },
  {
    name: 'a comparison on the way',
    shape: [3, 8],
    f: () => (x) => tf.mul(x, tf.cast(tf.greater(x, 0.5), 'float32')),
  },
  {
    name: 'BatchNorm without scale and offset',
    shape: [3, 4, 4, 2],
    f: (random) => {
      const mean = normalOf(random, [2]) as tf.Tensor1D;
      const variance = tf.add(tf.square(normalOf(random, [2])), 0.5) as tf.Tensor1D;
      return (x) => tf.batchNorm(x as tf.Tensor4D, mean, variance);
    },
  },
  {
    name: 'embedding with respect to its weights',
    shape: [2, 6, 3],
    f: () => {
      const ids = tf.tensor2d([0, 2, 2, 5], [2, 2], 'int32');
      return perExample((weights) => tf.gather(weights, ids));
    },
  },
  {
    name: 'product with a one-hot of float32, transposed',
    shape: [3, 8],
    f: () => {
      const rows = tf.oneHot(tf.tensor1d([1, 3, 0, 2, 2, 1, 3, 0], 'int32'), 4, 1, 0, 'float32');
      return (x) => tf.matMul(x as tf.Tensor2D, tf.transpose(tf.transpose(rows)) as tf.Tensor2D);
    },
  },
];

/** Gradient functions that all backends share: here on each backend's kernels. */
const shared: Operation[] = [
  { name: 'running sum along a middle axis', shape: [3, 4, 2], f: () => (x) => tf.cumsum(x, 1) },
  { name: 'running product from the end', shape: [3, 4, 2], f: () => (x) => tf.cumprod(x, -2, true, true) },
  {
    name: 'largest of each row, and what is below it',
    shape: [3, 4, 5],
    f: () => (x) => tf.concat([tf.topk(x, 2).values, tf.sub(x, tf.max(x, 2, true))], 2),
  },
  { name: 'copies of rank 5', shape: [3, 1, 2, 1, 2], f: () => (x) => tf.tile(x, [1, 2, 1, 3, 2]) },
  {
    name: 'maximum of shapes that differ',
    shape: [3, 4, 5],
    f: () => (x) => tf.squaredDifference(tf.maximum(x, tf.mean(x, 2, true)), tf.mean(x, 1, true)),
  },
  {
    name: 'BatchNorm along axis 1',
    shape: [3, 2, 4, 4],
    f: (random) => {
      const mean = normalOf(random, [1, 2, 1, 1]) as tf.Tensor4D;
      const variance = tf.add(tf.square(normalOf(random, [1, 2, 1, 1])), 0.5) as tf.Tensor4D;
      return (x) => tf.batchNorm(x as tf.Tensor4D, mean, variance);
    },
  },
  {
    name: 'slices with steps, depth to space, a flip',
    shape: [3, 4, 4, 4],
    f: () => (x) => {
      const wide = tf.depthToSpace(x as tf.Tensor4D, 2);
      const some = tf.stridedSlice(wide, [0, 7, 0, 0], [wide.shape[0], -9, 8, 1], [1, -2, 3, 1]);
      return tf.image.flipLeftRight(some as tf.Tensor4D);
    },
  },
  {
    name: 'one matrix and many',
    shape: [3, 4, 2],
    f: (random) => {
      const many = normalOf(random, [5, 2, 3]);
      return perExample((x) => tf.matMul(tf.expandDims(x, 0), many));
    },
  },
  {
    name: 'log1p and expm1 near 0',
    shape: [3, 8],
    f: () => (x) => tf.add(tf.log1p(tf.mul(x, 0.1)), tf.expm1(tf.mul(x, 0.1))),
  },
];

export const operations: readonly Operation[] = [...pools, ...resizes, ...convolutions, ...others, ...shared];

/** Operations without a gradient: each must be refused by a code. */
export const refused: Readonly<Record<string, BatchFunction>> = {
  'dilated convolution': (x) => tf.conv2d(x as tf.Tensor4D, tf.ones([3, 3, 2, 2]) as tf.Tensor4D, 1, 'same', 'NHWC', 2),
  'fused dilated convolution': (x) =>
    tf.fused.conv2d({ x: x as tf.Tensor4D, filter: tf.ones([3, 3, 2, 2]), strides: 1, pad: 'same', dilations: 2 }),
  'dilated depthwise convolution': (x) =>
    tf.depthwiseConv2d(x as tf.Tensor4D, tf.ones([3, 3, 2, 1]) as tf.Tensor4D, 1, 'same', 'NHWC', 2),
  'a rotated image': (x) => tf.image.rotateWithOffset(x as tf.Tensor4D, 0.5),
  scatterND: (x) => tf.scatterND(tf.tensor2d([[1]], [1, 1], 'int32'), x, [2, 4, 4, 2]),
  'integer input of an embedding': (x) => tf.gather(tf.ones([9, 2]), tf.cast(x, 'int32')),
};
