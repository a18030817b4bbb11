import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { type ArchitectureOptions, type LayerBuilder, layerBuilder, requireWhole } from './architecture.js';

/** Share of the channels that a transition keeps. */
const COMPRESSION = 0.5;

/**
 * DenseNet-BC for 32 x 32 images, logits out: three dense blocks of `(depth - 4) / 6` layers, each a 1 x 1 bottleneck of
 * 4 k channels and a 3 x 3 convolution of k, transitions that halve channels and image. `densenetBc(100, 12)` has 0.77 M
 * parameters.
 *
 * Source: Huang, Liu, van der Maaten & Weinberger, "Densely Connected Convolutional Networks", CVPR 2017, section 3.
 *
 * @param depth layers with weights, 6 n + 4
 * @param growthRate k, the channels that each layer adds
 * @throws VogError ARGUMENT_INVALID for another depth, or a growth rate below 1
 */
export function densenetBc(depth: number, growthRate: number, options: ArchitectureOptions = {}): tf.LayersModel {
  if (!Number.isInteger(depth) || depth < 10 || (depth - 4) % 6 !== 0) {
    throw new VogError('ARGUMENT_INVALID', `The depth of a DenseNet-BC is 6 n + 4: 10, 16, …, 100; got ${depth}.`);
  }
  requireWhole('growthRate', growthRate, 1);
  const layers = layerBuilder(options);
  let x = layers.convolution(layers.input, 2 * growthRate, 3);
  for (let block = 0; block < 3; block++) {
    if (block > 0) x = transition(layers, x);
    for (let layer = 0; layer < (depth - 4) / 6; layer++) x = denseLayer(layers, x, growthRate);
  }
  return layers.classifier(layers.activated(layers.normalised(x)));
}

function denseLayer(layers: LayerBuilder, x: tf.SymbolicTensor, growthRate: number): tf.SymbolicTensor {
  const bottleneck = layers.convolution(layers.activated(layers.normalised(x)), 4 * growthRate, 1);
  const grown = layers.convolution(layers.activated(layers.normalised(bottleneck)), growthRate, 3);
  return tf.layers.concatenate().apply([x, grown]) as tf.SymbolicTensor;
}

function transition(layers: LayerBuilder, x: tf.SymbolicTensor): tf.SymbolicTensor {
  const filters = Math.floor((x.shape.at(-1) as number) * COMPRESSION);
  const compressed = layers.convolution(layers.activated(layers.normalised(x)), filters, 1);
  return tf.layers.averagePooling2d({ poolSize: 2 }).apply(compressed) as tf.SymbolicTensor;
}
