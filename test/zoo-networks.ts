// The networks of the zoo that are made of blocks, as published architectures are.
import * as tf from '@tensorflow/tfjs';
import { apply, convolutionNorm, residualBlock } from './networks.js';
import type { ZooEntry } from './zoo-sequences.js';

const { layers } = tf;

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
export const networks: readonly ZooEntry[] = [
  { name: 'residual blocks', build: residual, kinks: 0.7 },
  { name: 'dense blocks', build: denseBlock, kinks: 0.7 },
  { name: 'mobile blocks', build: mobile, kinks: 0.7 },
];
