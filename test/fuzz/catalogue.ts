// Every layer that tfjs exports: how the generator makes it, or why it does not.
import type { SeededRandom } from '@vogjs/base';
import type { Config, LayerSpec } from './network.js';

type Shape = readonly number[];

/** How a layer of one input is made. Shapes are without the batch. */
export interface Entry {
  /** Ranks of the inputs that it takes: 1 vector, 2 sequence, 3 image, 4 volume or film. */
  readonly ranks: readonly number[];
  readonly config: (random: SeededRandom, shape: Shape) => Config;
  /** The code by which its input gradient has to be refused. */
  readonly refuses?: (config: Config) => 'GRADIENT_UNSUPPORTED' | undefined;
  /** It wants the mask that a masking layer or an embedding gives. */
  readonly masked?: boolean;
}

export const activations = [
  'elu', 'selu', 'relu', 'relu6', 'linear', 'sigmoid', 'hardSigmoid', 'softplus', 'softsign', 'tanh', 'softmax',
  'logSoftmax', 'gelu', 'gelu_new', 'mish', 'swish',
] as const; // prettier-ignore

export const pick = <T>(random: SeededRandom, items: readonly T[]): T => items[random.integer(items.length)]!;
const activation = (random: SeededRandom): string => pick(random, activations);
const ALL = [1, 2, 3, 4];
const plain: Entry = { ranks: ALL, config: () => ({}) };
const of = (ranks: readonly number[], config: Entry['config'], refuses?: Entry['refuses']): Entry => ({
  ranks,
  config,
  ...(refuses && { refuses }),
});
const dilated: Entry['refuses'] = ({ dilationRate }) =>
  dilationRate !== undefined && dilationRate !== 1 ? 'GRADIENT_UNSUPPORTED' : undefined;

const padding = (random: SeededRandom): string => pick(random, ['same', 'valid']);
const format = (random: SeededRandom): string => pick(random, ['channelsLast', 'channelsLast', 'channelsFirst']);
/** Windows that fit: the sides of an image are at least 3, channels at least 1. */
const convolution = (random: SeededRandom): Config => ({
  filters: 1 + random.integer(3),
  kernelSize: pick(random, [1, 2, 3]),
  strides: pick(random, [1, 1, 2]),
  padding: 'same',
  activation: activation(random),
  useBias: random.integer(4) > 0,
});
/** In three dimensions tfjs's own kernels read past the wrong pixels where a kernel is smaller than its stride (docs/backends.md). */
const convolution3d = (random: SeededRandom): Config => {
  const config = convolution(random);
  return { ...config, kernelSize: Math.max(config['kernelSize'] as number, config['strides'] as number) };
};
const withFormat = (random: SeededRandom, config: Config): Config => ({ ...config, dataFormat: format(random) });
const window = (random: SeededRandom): Config => ({
  poolSize: pick(random, [1, 2]),
  strides: pick(random, [1, 2]),
  padding: padding(random),
});
const window2d = (random: SeededRandom): Config =>
  withFormat(random, { poolSize: pick(random, [2, 3]), strides: pick(random, [1, 2, 3]), padding: 'same' });
const recurrent = (random: SeededRandom): Config => ({
  units: 1 + random.integer(3),
  returnSequences: random.integer(2) === 0,
  goBackwards: random.integer(4) === 0,
  activation: pick(random, ['tanh', 'relu', 'softsign', 'sigmoid']),
});
const cell = (random: SeededRandom): LayerSpec => ({
  layer: pick(random, ['lstmCell', 'gruCell', 'simpleRNNCell']),
  config: { units: 1 + random.integer(3) },
});
const cells = (random: SeededRandom): LayerSpec | LayerSpec[] =>
  pick(random, [
    cell(random),
    [cell(random), cell(random)],
    { layer: 'stackedRNNCells', config: { cells: [cell(random), cell(random)] } },
  ]);
/** A third of the convolutions that can be dilated are. */
const dilation = (random: SeededRandom, config: Config): Config =>
  random.integer(3) === 0 ? { ...config, strides: 1, dilationRate: 2 } : config;

const conv1d = of([2], (r) => dilation(r, { ...convolution(r), padding: 'same' }), dilated);
const pool1d = of([2], window);
const pool2d = of([3], window2d);
const pool3d = of([4], (r) => ({ ...window(r), padding: 'same' }));
const globalPool1d = of([2], () => ({}));
const globalPool2d = of([3], (r) => withFormat(r, {}));

/** Layers of one input. */
export const layers: Readonly<Record<string, Entry>> = {
  activation: of(ALL, (r) => ({ activation: activation(r) })),
  alphaDropout: of(ALL, () => ({ rate: 0.4 })),
  averagePooling1d: pool1d,
  averagePooling2d: pool2d,
  averagePooling3d: pool3d,
  batchNormalization: of([1, 2, 3], (r, shape) => ({
    axis: pick(r, [-1, -1, 1 + r.integer(shape.length)]),
    scale: r.integer(3) > 0,
    center: r.integer(3) > 0,
  })),
  bidirectional: of([2], (r) => ({
    layer: { layer: pick(r, ['lstm', 'gru', 'simpleRNN']), config: { units: 2, returnSequences: r.integer(2) === 0 } },
    mergeMode: pick(r, ['concat', 'sum', 'mul', 'ave']),
  })),
  centerCrop: of([3], () => ({ height: 2, width: 2 })),
  conv1d,
  conv2d: of([3], (r) => dilation(r, withFormat(r, convolution(r))), dilated),
  conv2dTranspose: of([3], (r) => withFormat(r, convolution(r))),
  conv3d: of([4], (r) => convolution3d(r)),
  conv3dTranspose: of([4], (r) => convolution3d(r)),
  convLstm2d: of([4], (r) => ({ filters: 2, kernelSize: 2, padding: 'same', returnSequences: r.integer(2) === 0 })),
  cropping2D: of([3], (r) => withFormat(r, { cropping: [[0, 0], [1, 0]] })), // prettier-ignore
  dense: of([1, 2, 3], (r) => ({
    units: 2 + r.integer(3),
    activation: activation(r),
    useBias: r.integer(4) > 0,
  })),
  depthwiseConv2d: of(
    [3],
    (r) => {
      const { filters: _, ...rest } = convolution(r);
      return dilation(r, withFormat(r, { ...rest, depthMultiplier: 1 + r.integer(2) }));
    },
    dilated,
  ),
  dropout: of(ALL, () => ({ rate: 0.4 })),
  elu: plain, // tfjs refuses any alpha but 1
  flatten: of([2, 3, 4], () => ({})),
  gaussianDropout: of(ALL, () => ({ rate: 0.4 })),
  gaussianNoise: of(ALL, () => ({ stddev: 1 })),
  globalAveragePooling1d: globalPool1d,
  globalAveragePooling2d: globalPool2d,
  globalMaxPooling1d: globalPool1d,
  globalMaxPooling2d: globalPool2d,
  gru: of([2], recurrent),
  layerNormalization: of([1, 2, 3], (r, shape) => ({
    axis: pick(r, [-1, shape.map((_, i) => i + 1)]),
    scale: r.integer(3) > 0,
    center: r.integer(3) > 0,
  })),
  leakyReLU: of(ALL, () => ({ alpha: 0.2 })),
  lstm: of([2], recurrent),
  masking: { ranks: [2], config: () => ({ maskValue: 0 }), masked: true },
  maxPooling1d: pool1d,
  maxPooling2d: pool2d,
  maxPooling3d: pool3d,
  permute: of([2, 3, 4], (_, shape) => ({ dims: shape.map((_, i) => shape.length - i) })),
  prelu: plain,
  reLU: of(ALL, (r) => (r.integer(2) === 0 ? {} : { maxValue: 1 })),
  repeatVector: of([1], () => ({ n: 3 })),
  rescaling: of([3], () => ({ scale: 0.5, offset: -0.25 })),
  reshape: of(ALL, (_, shape) => ({ targetShape: [shape.reduce((a, b) => a * b, 1), 1] })),
  rnn: of([2], (r) => ({
    cell: cells(r),
    returnSequences: r.integer(2) === 0,
  })),
  separableConv2d: of([3], (r) => dilation(r, convolution(r)), dilated),
  simpleRNN: of([2], recurrent),
  softmax: of(ALL, (r, shape) => ({ axis: pick(r, [-1, shape.length]) })),
  spatialDropout1d: of([2], () => ({ rate: 0.4 })),
  thresholdedReLU: of(ALL, () => ({ theta: 0.3 })),
  timeDistributed: of([2, 4], (r, shape) => ({
    layer:
      shape.length === 2
        ? { layer: 'dense', config: { units: 2, activation: activation(r) } }
        : { layer: 'conv2d', config: { filters: 2, kernelSize: 2, activation: activation(r) } },
  })),
  upSampling2d: of([3], (r) => withFormat(r, { size: [2, 1], interpolation: pick(r, ['nearest', 'bilinear']) })),
  zeroPadding2d: of([3], (r) => withFormat(r, { padding: 1 })),
  'custom.scale': plain,
  'custom.gate': plain,
  'custom.runningSum': plain,
  'custom.extremes': plain,
};

/** Layers that join two values of one shape. */
export const merges: Readonly<Record<string, (random: SeededRandom, shape: Shape) => Config>> = {
  add: () => ({}),
  average: () => ({}),
  concatenate: (r, shape) => ({ axis: pick(r, [-1, 1 + r.integer(shape.length)]) }),
  dot: (r) => ({ axes: -1, normalize: r.integer(2) === 0 }),
  maximum: () => ({}),
  minimum: () => ({}),
  multiply: () => ({}),
};

/** Layers that only stand first, or inside another. */
export const placed: Readonly<Record<string, string>> = {
  embedding: 'the first layer over token ids, with and without maskZero',
  categoryEncoding: 'the first layer over token ids',
  lstmCell: 'the cell of rnn',
  gruCell: 'the cell of rnn',
  simpleRNNCell: 'the cell of rnn',
  stackedRNNCells: 'what rnn makes of an array of cells; also by its own name',
  input: 'tf.input, which every network begins with, is this function',
};

/** Other names of the same function, which a test compares. */
export const aliases: Readonly<Record<string, string>> = {
  avgPool1d: 'averagePooling1d',
  avgPooling1d: 'averagePooling1d',
  avgPool2d: 'averagePooling2d',
  avgPooling2d: 'averagePooling2d',
  avgPool3d: 'averagePooling3d',
  avgPooling3d: 'averagePooling3d',
  maxPool1d: 'maxPooling1d',
  maxPool2d: 'maxPooling2d',
  globalMaxPool1d: 'globalMaxPooling1d',
  globalMaxPool2d: 'globalMaxPooling2d',
};

/** Exports that no network here has, with the reason. */
export const leftOut: Readonly<Record<string, string>> = {
  Layer: 'the base class; the custom layers extend it',
  RNN: 'the base class of the recurrent layers; `rnn` makes it',
  RNNCell: 'an abstract class',
  inputLayer: 'what tf.input makes',
  randomWidth: 'its output shape has no batch axis in tfjs 4.22, so no model can be built that goes on behind it',
  resizing: 'its call does not take the array of tensors that a model passes in tfjs 4.22: predict throws',
  convLstm2dCell: 'made by convLstm2d; tfjs-layers has no other layer that takes it',
};
