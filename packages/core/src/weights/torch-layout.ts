import * as tf from '@tensorflow/tfjs';
import { flattenedGrid, type Slot } from './slots.js';

/** How one weight lies in a checkpoint. */
export interface StoredWeight {
  /** Its name behind the module's: `weight`, `running_mean`. */
  readonly suffix: string;
  readonly shape: readonly number[];
  /** From the stored tensor to the layer's. */
  readonly convert: (stored: tf.Tensor) => tf.Tensor;
}

/**
 * Where each axis of a layer's kernel lies in PyTorch's weight. PyTorch counts out before in before space; TensorFlow.js
 * space before in before out, and in a transposed convolution out before in, as PyTorch has them the other way round.
 */
const KERNEL_AXES: Readonly<Record<string, readonly number[]>> = {
  Dense: [1, 0],
  Conv1D: [2, 1, 0],
  Conv2D: [2, 3, 1, 0],
  Conv3D: [2, 3, 4, 1, 0],
  Conv2DTranspose: [2, 3, 1, 0],
  Conv3DTranspose: [2, 3, 4, 1, 0],
};

/** Weights of one number a channel, or of one layout. */
const SUFFIXES: Readonly<Record<string, string>> = {
  gamma: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
  embeddings: 'weight',
};
const NAMED = new Set(['BatchNormalization', 'LayerNormalization', 'Embedding']);

/** Kinds of layers whose PyTorch layout is known. */
export const TORCH_LAYERS: readonly string[] = [...Object.keys(KERNEL_AXES), 'DepthwiseConv2D', 'PReLU', ...NAMED];

/** Tensors that PyTorch saves and TensorFlow.js has no use for: of batch normalisation, and of an averaged model. */
export const TORCH_COUNTERS = /(?:^|\.)num_batches_tracked$|^n_averaged$/;

/** How PyTorch stores a weight; null for a layer whose layout is not known. */
export function torchWeight(slot: Slot): StoredWeight | null {
  const { layer, kind, weight } = slot;
  const type = layer.getClassName();
  const { shape } = weight;
  if (type === 'PReLU' && kind === 'alpha') {
    const size = shape.reduce((product, n) => product * n, 1);
    return { suffix: 'weight', shape: [size], convert: (stored) => tf.reshape(stored, [...shape]) };
  }
  if (NAMED.has(type) && SUFFIXES[kind] !== undefined) {
    const grid = type === 'Embedding' || shape.length > 1 ? null : flattenedGrid(layer);
    const convert = (stored: tf.Tensor) =>
      grid === null ? stored : tf.reshape(channelsLast(stored, grid), [...shape]);
    return { suffix: SUFFIXES[kind], shape, convert };
  }
  if (kind === 'bias' && (type in KERNEL_AXES || type === 'DepthwiseConv2D')) {
    return { suffix: 'bias', shape, convert: (stored) => stored };
  }
  if (type === 'DepthwiseConv2D' && kind === 'depthwise_kernel') return depthwise(shape);
  const axes = KERNEL_AXES[type];
  if (axes === undefined || kind !== 'kernel') return null;
  const grid = type === 'Dense' ? flattenedGrid(layer) : null;
  if (grid !== null) return afterFlatten(shape, grid);
  const torch = shape.map((_, axis) => shape[axes.indexOf(axis)] as number);
  return { suffix: 'weight', shape: torch, convert: (stored) => tf.transpose(stored, [...axes]) };
}

/** Output channel `in · multiplier + m` of PyTorch's grouped convolution is m of the input channel. */
function depthwise([height = 0, width = 0, channels = 0, multiplier = 0]: readonly number[]): StoredWeight {
  return {
    suffix: 'weight',
    shape: [channels * multiplier, 1, height, width],
    convert: (stored) => tf.transpose(tf.reshape(stored, [channels, multiplier, height, width]), [2, 3, 0, 1]),
  };
}

/** A dense layer behind a flattened picture. */
function afterFlatten([inputs = 0, units = 0]: readonly number[], grid: readonly number[]): StoredWeight {
  return {
    suffix: 'weight',
    shape: [units, inputs],
    convert: (stored) => tf.reshape(channelsLast(tf.transpose(stored), grid), [inputs, units]),
  };
}

/** `[channels · space, …]` as PyTorch flattens a picture, to `[…space, channels, rest]`. */
function channelsLast(stored: tf.Tensor, grid: readonly number[]): tf.Tensor {
  const space = grid.slice(0, -1);
  const apart = tf.reshape(stored, [grid.at(-1) as number, ...space, -1]);
  return tf.transpose(apart, [...space.map((_, i) => i + 1), 0, space.length + 1]);
}
