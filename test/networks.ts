// The two networks that benchmarks speak of, and what fills a network with seeded weights and inputs.
import * as tf from '@tensorflow/tfjs';
import { normalValues, type Random, uniformFrom } from '@vogjs/testing/random';

const { layers } = tf;

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
  const random = uniformFrom(seed);
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

export const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]): tf.SymbolicTensor =>
  layer.apply(x) as tf.SymbolicTensor;

/** Convolution without bias, then BatchNorm. */
export function convolutionNorm(
  x: tf.SymbolicTensor,
  filters: number,
  strides: number,
  kernelSize = 3,
): tf.SymbolicTensor {
  const convolution = layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false });
  return apply(layers.batchNormalization(), apply(convolution, x));
}

/** Two 3 x 3 convolutions around a shortcut (He et al. 2016). */
export function residualBlock(x: tf.SymbolicTensor, filters: number, strides: number): tf.SymbolicTensor {
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
