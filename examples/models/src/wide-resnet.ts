import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { type ArchitectureOptions, type LayerBuilder, layerBuilder, requireWhole } from './architecture.js';

/** What `wideResnet` takes beside depth and width. */
export interface WideResnetOptions extends ArchitectureOptions {
  /**
   * Share of activations dropped between the two convolutions of a block, while training. Default 0; the paper's is 0.3.
   * Its masks are not seeded: TensorFlow.js would draw the same one at every step from a seed.
   */
  readonly dropout?: number;
}

/**
 * Wide ResNet for 32 x 32 images, logits out: pre-activation blocks, three stages of `(depth - 4) / 6` blocks with 16, 32
 * and 64 times `widening` channels. `wideResnet(28, 10)` has 36.5 M parameters.
 *
 * Source: Zagoruyko & Komodakis, "Wide Residual Networks", BMVC 2016, table 1.
 *
 * @param depth layers with weights, 6 n + 4
 * @param widening factor on the channels of each stage
 * @throws VogError ARGUMENT_INVALID for another depth, a widening factor below 1, a dropout outside [0, 1)
 */
export function wideResnet(depth: number, widening: number, options: WideResnetOptions = {}): tf.LayersModel {
  const { dropout = 0, ...shared } = options;
  if (!Number.isInteger(depth) || depth < 10 || (depth - 4) % 6 !== 0) {
    throw new VogError('ARGUMENT_INVALID', `The depth of a wide ResNet is 6 n + 4: 10, 16, 22, 28, …; got ${depth}.`);
  }
  requireWhole('widening', widening, 1);
  if (!(dropout >= 0 && dropout < 1)) {
    throw new VogError('ARGUMENT_INVALID', `dropout must be a share from 0 to below 1; got ${dropout}.`);
  }
  const layers = layerBuilder(shared);
  let x = layers.convolution(layers.input, 16, 3);
  for (let stage = 0; stage < 3; stage++) {
    for (let block = 0; block < (depth - 4) / 6; block++) {
      x = wideBlock(layers, x, 16 * widening * 2 ** stage, stage > 0 && block === 0 ? 2 : 1, dropout);
    }
  }
  return layers.classifier(layers.activated(layers.normalised(x)));
}

function wideBlock(
  layers: LayerBuilder,
  x: tf.SymbolicTensor,
  filters: number,
  strides: number,
  dropout: number,
): tf.SymbolicTensor {
  const active = layers.activated(layers.normalised(x));
  let residual = layers.activated(layers.normalised(layers.convolution(active, filters, 3, strides)));
  if (dropout > 0) residual = tf.layers.dropout({ rate: dropout }).apply(residual) as tf.SymbolicTensor;
  residual = layers.convolution(residual, filters, 3);
  // Where the channels change, the shortcut too starts from the activated input.
  const shortcut = x.shape.at(-1) === filters ? x : layers.convolution(active, filters, 1, strides);
  return layers.sum(residual, shortcut);
}
