import * as tf from '@tensorflow/tfjs';

/** What a ResNet-9 is made of. */
export interface TorchResnet9Options {
  /** Channels behind the first convolution. */
  readonly width: number;
  readonly classes: number;
}

/** Batch normalisation's, in the network that was trained: PyTorch's own default is 1e-5. */
const EPSILON = 1e-3;

/**
 * The ResNet-9 of `../shared/data/runs/cifar10-resnet9/network.py`, for 32 x 32 colour images, logits out. Its layers
 * have the names of PyTorch's modules, so that a checkpoint's weights find their places.
 */
export function torchResnet9({ width, classes }: TorchResnet9Options): tf.LayersModel {
  const input = tf.input({ shape: [32, 32, 3] });
  let x = block(input, 'prep', width);
  x = pooled(block(x, 'l1', 2 * width));
  x = residual(x, 'r1', 2 * width);
  x = pooled(block(x, 'l2', 4 * width));
  x = pooled(block(x, 'l3', 8 * width));
  x = residual(x, 'r3', 8 * width);
  x = apply(tf.layers.globalAveragePooling2d({}), x);
  return tf.model({ inputs: input, outputs: apply(tf.layers.dense({ name: 'fc', units: classes }), x) });
}

function block(x: tf.SymbolicTensor, name: string, filters: number): tf.SymbolicTensor {
  const convolution = tf.layers.conv2d({
    name: `${name}.conv`,
    filters,
    kernelSize: 3,
    padding: 'same',
    useBias: false,
  });
  const normalised = tf.layers.batchNormalization({ name: `${name}.bn`, epsilon: EPSILON });
  return apply(tf.layers.reLU(), apply(normalised, apply(convolution, x)));
}

function residual(x: tf.SymbolicTensor, name: string, filters: number): tf.SymbolicTensor {
  return apply(tf.layers.add(), [x, block(block(x, `${name}.a`, filters), `${name}.b`, filters)]);
}

function pooled(x: tf.SymbolicTensor): tf.SymbolicTensor {
  return apply(tf.layers.maxPooling2d({ poolSize: 2 }), x);
}

function apply(layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]): tf.SymbolicTensor {
  return layer.apply(x) as tf.SymbolicTensor;
}
