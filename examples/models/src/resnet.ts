import type * as tf from '@tensorflow/tfjs';
import { type ArchitectureOptions, type LayerBuilder, layerBuilder, requireWhole } from './architecture.js';

/** What `resnet18` takes. */
export interface ResnetOptions extends ArchitectureOptions {
  /** Channels of the first stage; doubled at each of the three others. Default 64, the published one. */
  readonly width?: number;
  /** Basic blocks of each stage. Default 2: 18 layers that have weights. */
  readonly blocks?: number;
}

/**
 * ResNet-18 for 32 x 32 images, logits out: a 3 x 3 convolution in place of the 7 x 7 one and its pool, then four stages
 * of two basic blocks, the last three halving the image; projections where the shape changes. 11.17 M parameters.
 *
 * Source: He, Zhang, Ren & Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, table 1 and section 4.2.
 *
 * @throws VogError ARGUMENT_INVALID for a width, number of blocks or of classes that is no positive whole number
 */
export function resnet18({ width = 64, blocks = 2, ...options }: ResnetOptions = {}): tf.LayersModel {
  requireWhole('width', width, 1);
  requireWhole('blocks', blocks, 1);
  const layers = layerBuilder(options);
  let x = layers.activated(layers.normalised(layers.convolution(layers.input, width, 3)));
  for (let stage = 0; stage < 4; stage++) {
    for (let block = 0; block < blocks; block++) {
      x = basicBlock(layers, x, width * 2 ** stage, stage > 0 && block === 0 ? 2 : 1);
    }
  }
  return layers.classifier(x);
}

function basicBlock(layers: LayerBuilder, x: tf.SymbolicTensor, filters: number, strides: number): tf.SymbolicTensor {
  const first = layers.activated(layers.normalised(layers.convolution(x, filters, 3, strides)));
  const second = layers.normalised(layers.convolution(first, filters, 3));
  const isSameShape = strides === 1 && x.shape.at(-1) === filters;
  const shortcut = isSameShape ? x : layers.normalised(layers.convolution(x, filters, 1, strides));
  return layers.activated(layers.sum(second, shortcut));
}
