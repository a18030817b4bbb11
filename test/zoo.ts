// Small seeded networks: one of every layer kind, and the two networks that benchmarks speak of.
import * as tf from '@tensorflow/tfjs';
import { normalValues, type Random, seededRandom } from '../packages/core/src/testing/random.js';

export { bootBackend } from '../packages/core/src/testing/boot.js';
export { normalValues, type Random, runSeed, seededRandom } from '../packages/core/src/testing/random.js';

const { layers } = tf;

/** A network of the zoo. `build` makes it with fresh weights: seed them, and dispose the model afterwards. */
export interface ZooEntry {
  readonly name: string;
  readonly build: () => tf.LayersModel;
  /** Share of coordinates that may lie beside a kink; where absent, the default of the finite differences. */
  readonly kinks?: number;
}

/** A batch of standard normal inputs for a model with one input. */
export function normalBatch(model: tf.LayersModel, batchSize: number, random: Random): tf.Tensor {
  const shape = [batchSize, ...(model.inputs[0]!.shape.slice(1) as number[])];
  return tf.tensor(
    normalValues(
      shape.reduce((a, b) => a * b, 1),
      random,
    ),
    shape,
  );
}

/**
 * Gives a model weights that depend on the seed alone: kernels uniform of variance 1.4 / fan-in, so that signals keep
 * their size, scales and moving variances in [0.7, 1.3], offsets, biases and moving means in [-0.1, 0.1].
 */
export function seedWeights<Model extends tf.LayersModel>(model: Model, seed: number): Model {
  const random = seededRandom(seed);
  const values = model.weights.map(({ name, shape }) => {
    const sizes = shape as number[];
    const size = sizes.reduce((a, b) => a * b, 1);
    const uniform = Float32Array.from({ length: size }, () => 2 * random() - 1);
    if (/moving_variance|gamma/.test(name))
      return tf.tensor(
        uniform.map((u) => 1 + 0.3 * u),
        sizes,
      );
    if (/moving_mean|beta|bias/.test(name))
      return tf.tensor(
        uniform.map((u) => 0.1 * u),
        sizes,
      );
    // A depthwise filter mixes no channels: its fan-in is its window.
    const inputs = /depthwise/.test(name) ? sizes.slice(0, 2) : sizes.slice(0, -1);
    const limit = Math.sqrt(4.2 / inputs.reduce((a, b) => a * b, 1));
    return tf.tensor(
      uniform.map((u) => limit * u),
      sizes,
    );
  });
  model.setWeights(values);
  tf.dispose(values);
  return model;
}

/** LeNet for 28 x 28 grey images and ten classes, softmax head: 61,706 parameters. */
export const lenet = (): tf.Sequential =>
  tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [28, 28, 1], filters: 6, kernelSize: 5, padding: 'same', activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 16, kernelSize: 5, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 120, activation: 'relu' }),
      layers.dense({ units: 84, activation: 'relu' }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });

const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]): tf.SymbolicTensor =>
  layer.apply(x) as tf.SymbolicTensor;

/** Convolution without bias, then BatchNorm. */
function convolutionNorm(x: tf.SymbolicTensor, filters: number, strides: number, kernelSize = 3): tf.SymbolicTensor {
  const convolution = layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false });
  return apply(layers.batchNormalization(), apply(convolution, x));
}

/** Two 3 x 3 convolutions around a shortcut (He et al. 2016). */
function residualBlock(x: tf.SymbolicTensor, filters: number, strides: number): tf.SymbolicTensor {
  const hidden = apply(layers.reLU(), convolutionNorm(x, filters, strides));
  const same = strides === 1 && x.shape[3] === filters;
  const shortcut = same ? x : convolutionNorm(x, filters, strides, 1);
  return apply(layers.reLU(), apply(layers.add(), [convolutionNorm(hidden, filters, 1), shortcut]));
}

/** ResNet-18 for 32 x 32 colour images (CIFAR stem: 3 x 3, no pooling), softmax head. `width` 64 is the usual one. */
export function resnet18(width = 64, classes = 10): tf.LayersModel {
  const inputs = tf.input({ shape: [32, 32, 3] });
  let x = apply(layers.reLU(), convolutionNorm(inputs, width, 1));
  for (const stage of [0, 1, 2, 3]) {
    for (const block of [0, 1]) x = residualBlock(x, width * 2 ** stage, stage > 0 && block === 0 ? 2 : 1);
  }
  const head = layers.dense({ units: classes, activation: 'softmax' });
  return tf.model({ inputs, outputs: apply(head, apply(layers.globalAveragePooling2d({}), x)) });
}

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

const sequences: ZooEntry[] = [
  {
    name: '1-D convolution and pools of a sequence',
    build: () =>
      tf.sequential({
        layers: [
          layers.conv1d({ inputShape: [11, 3], filters: 4, kernelSize: 3, strides: 2, padding: 'same' }),
          layers.maxPooling1d({ poolSize: 2, padding: 'same' }),
          layers.averagePooling1d({ poolSize: 2, padding: 'same' }),
          layers.flatten(),
          layers.dense({ units: 3 }),
        ],
      }),
  },
  {
    name: 'LSTM',
    build: () => tf.sequential({ layers: [layers.lstm({ inputShape: [4, 3], units: 3 }), layers.dense({ units: 3 })] }),
  },
];

const linearHead = (x: tf.SymbolicTensor): tf.SymbolicTensor =>
  apply(layers.dense({ units: 4 }), apply(layers.flatten(), x));

/** One dense block and its transition (Huang et al. 2017): BatchNorm, relu, convolution, concatenation. */
function denseBlock(): tf.LayersModel {
  const inputs = tf.input({ shape: [8, 8, 3] });
  const normRelu = (x: tf.SymbolicTensor): tf.SymbolicTensor =>
    apply(layers.reLU(), apply(layers.batchNormalization(), x));
  const squeeze = (x: tf.SymbolicTensor, filters: number, kernelSize: number): tf.SymbolicTensor =>
    apply(layers.conv2d({ filters, kernelSize, padding: 'same', useBias: false }), normRelu(x));
  let x = apply(layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', useBias: false }), inputs);
  for (let k = 0; k < 2; k++) x = apply(layers.concatenate(), [x, squeeze(squeeze(x, 6, 1), 3, 3)]);
  x = apply(layers.averagePooling2d({ poolSize: 2 }), squeeze(x, 4, 1));
  return tf.model({ inputs, outputs: linearHead(normRelu(x)) });
}

function residual(): tf.LayersModel {
  const inputs = tf.input({ shape: [8, 8, 3] });
  const x = residualBlock(residualBlock(inputs, 4, 2), 4, 1);
  return tf.model({ inputs, outputs: linearHead(x) });
}

/** Depthwise convolutions between 1 x 1 ones (Howard et al. 2017). */
function mobile(): tf.LayersModel {
  const inputs = tf.input({ shape: [8, 8, 3] });
  let x = apply(layers.reLU({ maxValue: 6 }), convolutionNorm(inputs, 4, 2));
  for (const [filters, strides] of [
    [6, 1],
    [8, 2],
  ] as const) {
    x = apply(layers.depthwiseConv2d({ kernelSize: 3, strides, padding: 'same', useBias: false }), x);
    x = apply(layers.reLU({ maxValue: 6 }), apply(layers.batchNormalization(), x));
    x = apply(layers.reLU({ maxValue: 6 }), convolutionNorm(x, filters, 1, 1));
  }
  return tf.model({ inputs, outputs: linearHead(x) });
}

/** A pixel moves hundreds of relus here, so more coordinates lie beside a kink. */
const networks: ZooEntry[] = [
  { name: 'residual blocks', build: residual, kinks: 0.7 },
  { name: 'dense blocks', build: denseBlock, kinks: 0.7 },
  { name: 'mobile blocks', build: mobile, kinks: 0.7 },
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
