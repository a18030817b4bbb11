import { checkArgument, text } from '@vogjs/base';
import { defineResource, features, penultimate, type Resource, VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { type HostMatrix, rowsOf } from './rows.js';
import type { Statistic } from './statistic.js';

/**
 * Features of each example: `[size, d]`. Of the layer or node named, all axes between the examples and the last one
 * averaged (a feature map `[h, w, c]` over h and w); without a name the penultimate features.
 *
 * @throws VogError ARGUMENT_INVALID for a layer that is no name
 */
export function featuresAt(layer?: string): Resource<tf.Tensor2D> {
  if (layer !== undefined) checkArgument('featuresAt', 'layer', layer, text);
  return defineResource({
    name: 'ood.features',
    parameters: layer === undefined ? {} : { layer },
    requires: { output: layer === undefined ? penultimate : features(layer) },
    compute: ({ output }) => {
      if (output.rank < 2) {
        throw new VogError(
          'INPUT_SHAPE',
          `Features must be [size, …, d]; layer '${layer ?? 'before the last'}' gave [${output.shape.join(', ')}].`,
        );
      }
      const positions = Array.from({ length: output.rank - 2 }, (_, axis) => axis + 1);
      return (positions.length === 0 ? output : tf.mean(output, positions)) as tf.Tensor2D;
    },
  });
}

/** The features of all examples of the fit set, on the host: N x d x 4 bytes. */
export function featureRows(layer?: string): Statistic<HostMatrix> {
  return rowsOf(featuresAt(layer));
}
