// Small seeded networks: one of every layer kind.
import * as tf from '@tensorflow/tfjs';
import { apply } from './networks.js';
import { networks } from './zoo-networks.js';
import { sequences, type ZooEntry } from './zoo-sequences.js';

export { lenet, normalBatch, resnet18, seedWeights } from './networks.js';

const { layers } = tf;

const IMAGE = [7, 6, 2];

/** Image in, three linear outputs: what a single layer kind is tried in. */
function around(...middle: (() => tf.layers.Layer)[]): () => tf.LayersModel {
  return () => {
    const inputs = tf.input({ shape: IMAGE });
    const x = middle.reduce((signal, make) => apply(make(), signal), inputs);
    const flat = x.shape.length > 2 ? apply(layers.flatten(), x) : x;
    return tf.model({ inputs, outputs: apply(layers.dense({ units: 3 }), flat) });
  };
}

const PADDINGS = ['same', 'valid'] as const;
const STRIDES: readonly (number | [number, number])[] = [1, 2, 3, [2, 1]];
const convolution = (filters = 3): tf.layers.Layer => layers.conv2d({ filters, kernelSize: 3, padding: 'same' });

/** Convolutions: every padding and stride, square and oblong kernels, depthwise and separable. */
const convolutions: ZooEntry[] = PADDINGS.flatMap((padding) => [
  ...STRIDES.flatMap((strides) => [
    ...([3, [2, 4], 1] as const).map((kernelSize) => ({
      name: `conv2d ${kernelSize} stride ${strides} ${padding}`,
      build: around(() =>
        layers.conv2d({ filters: 3, kernelSize: kernelSize as number, strides: strides as number, padding }),
      ),
    })),
    {
      name: `conv2d 3 stride ${strides} ${padding}, relu`,
      build: around(() =>
        layers.conv2d({ filters: 4, kernelSize: 3, strides: strides as number, padding, activation: 'relu' }),
      ),
    },
  ]),
  ...[1, 2].flatMap((strides) => [
    {
      name: `depthwise 3 stride ${strides} ${padding}`,
      build: around(() => layers.depthwiseConv2d({ kernelSize: 3, strides, padding, depthMultiplier: 2 })),
    },
    {
      name: `separable 3 stride ${strides} ${padding}`,
      build: around(() => layers.separableConv2d({ filters: 3, kernelSize: 3, strides, padding })),
    },
    {
      name: `transposed convolution stride ${strides} ${padding}`,
      build: around(() => layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides, padding })),
    },
  ]),
]);

/** Pools of odd sizes, with padding, and strides other than the window; after a convolution, so values are negative too. */
const pools: ZooEntry[] = PADDINGS.flatMap((padding) =>
  (
    [
      [2, 2],
      [3, 2],
      [3, 1],
      [2, 3],
      [3, 3],
    ] as const
  ).flatMap(([poolSize, strides]) => [
    {
      name: `max pool ${poolSize} stride ${strides} ${padding}`,
      build: around(
        () => convolution(),
        () => layers.maxPooling2d({ poolSize, strides, padding }),
      ),
      step: 0.004,
    },
    {
      name: `average pool ${poolSize} stride ${strides} ${padding}`,
      build: around(
        () => convolution(),
        () => layers.averagePooling2d({ poolSize, strides, padding }),
      ),
    },
  ]),
);

const activations: ZooEntry[] = [
  ...(['tanh', 'relu', 'elu', 'relu6', 'selu', 'sigmoid', 'softplus', 'swish'] as const).map((activation) => ({
    name: activation,
    build: around(
      () => convolution(),
      () => layers.activation({ activation }),
    ),
  })),
  {
    name: 'leaky relu',
    build: around(
      () => convolution(),
      () => layers.leakyReLU({ alpha: 0.2 }),
    ),
  },
  {
    name: 'thresholded relu',
    build: around(
      () => convolution(),
      () => layers.thresholdedReLU({ theta: 0.3 }),
    ),
  },
  {
    name: 'prelu',
    build: around(
      () => convolution(),
      () => layers.prelu({}),
    ),
  },
];

const others: ZooEntry[] = [
  {
    name: 'batch normalisation',
    build: around(
      () => convolution(),
      () => layers.batchNormalization(),
    ),
  },
  {
    name: 'batch normalisation without scale and centre',
    build: around(
      () => convolution(),
      () => layers.batchNormalization({ scale: false, center: false }),
    ),
  },
  {
    name: 'batch normalisation of dense features',
    build: around(
      () => layers.flatten(),
      () => layers.dense({ units: 5 }),
      () => layers.batchNormalization(),
    ),
  },
  {
    name: 'batch normalisation, then max pool',
    build: around(
      () => layers.batchNormalization(),
      () => layers.maxPooling2d({ poolSize: 2 }),
    ),
  },
  {
    name: 'batch normalisation along axis 1',
    build: around(
      () => convolution(),
      () => layers.batchNormalization({ axis: 1 }),
    ),
  },
  {
    name: 'channels first: convolution, batch normalisation, global max pool',
    build: around(
      () => layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', dataFormat: 'channelsFirst' }),
      () => layers.batchNormalization({ axis: 1 }),
      () => layers.activation({ activation: 'tanh' }),
      () => layers.globalMaxPooling2d({ dataFormat: 'channelsFirst' }),
    ),
    step: 0.004,
  },
  { name: 'layer normalisation over two axes', build: around(() => layers.layerNormalization({ axis: [1, 3] })) },
  { name: 'layer normalisation', build: around(() => layers.layerNormalization()) },
  {
    name: 'dense',
    build: around(
      () => layers.flatten(),
      () => layers.dense({ units: 6, activation: 'tanh' }),
    ),
  },
  { name: 'dense on every pixel', build: around(() => layers.dense({ units: 4, activation: 'tanh' })) },
  {
    name: 'nearest upsampling',
    build: around(
      () => layers.upSampling2d({ size: [2, 3] }),
      () => convolution(),
    ),
  },
  {
    name: 'bilinear upsampling',
    build: around(
      () => layers.upSampling2d({ size: [2, 3], interpolation: 'bilinear' }),
      () => convolution(),
    ),
  },
  {
    name: 'zero padding and cropping',
    build: around(
      () => layers.zeroPadding2d({ padding: 2 }),
      () =>
        layers.cropping2D({
          cropping: [
            [1, 0],
            [2, 1],
          ],
        }),
      () => convolution(),
    ),
  },
  {
    name: 'global average pool',
    build: around(
      () => convolution(),
      () => layers.globalAveragePooling2d({}),
    ),
  },
  {
    name: 'global max pool',
    build: around(
      () => convolution(),
      () => layers.globalMaxPooling2d({}),
    ),
  },
  {
    name: 'dropout at inference',
    build: around(
      () => layers.dropout({ rate: 0.5 }),
      () => convolution(),
    ),
  },
  {
    name: 'softmax head',
    build: around(
      () => layers.flatten(),
      () => layers.dense({ units: 4, activation: 'softmax' }),
    ),
  },
  {
    name: 'softmax layer',
    build: around(
      () => layers.flatten(),
      () => layers.dense({ units: 4 }),
      () => layers.softmax(),
    ),
  },
  {
    name: 'sigmoid head',
    build: around(
      () => layers.flatten(),
      () => layers.dense({ units: 4, activation: 'sigmoid' }),
    ),
  },
];

/**
 * Every layer kind in a network small enough for finite differences. Heads are linear and unpooled
 * where they are not the subject: a softmax or a global pool flattens the slopes towards the noise of float32.
 */
export const zoo: readonly ZooEntry[] = [
  ...convolutions,
  ...pools,
  ...activations,
  ...others,
  ...sequences,
  ...networks,
];
