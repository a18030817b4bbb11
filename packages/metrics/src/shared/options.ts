import { flag, layerName, oneOf } from '@vogjs/base/options';
import { features, penultimate, type Resource } from '@vogjs/core';
import type * as tf from '@tensorflow/tfjs';

/** Which value stands for a metric that has one at each checkpoint. */
export const at = oneOf('mean', 'last').about('The mean over checkpoints, or the value at the last one.');

/** Divisor of a variance over checkpoints. */
export const ddof = oneOf(0, 1).about('Divisor K - ddof: 0 for the population variance, 1 for the unbiased one.');

/** Where a metric of the last layer finds that layer. */
export const lastLayerOptions = {
  layer: layerName()
    .optional("found from the model's end")
    .about('Layer or node whose output the last, linear layer takes.'),
  bias: flag().default(true).about('Whether the last layer has a bias.'),
};

/** The features that the last layer takes: those of the layer named, or those the model adapter finds. */
export function lastFeatures({ layer }: { readonly layer?: string }): Resource<tf.Tensor> {
  return layer === undefined ? penultimate : features(layer);
}
