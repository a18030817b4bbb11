// One name for a weight on both sides: what layer it belongs to, counted in the order in which the layers were made.
import * as tf from '@tensorflow/tfjs';
import type { Safetensors } from '@vogjs/formats';

type Weight = tf.LayersModel['weights'][number];

const KINDS: Readonly<Record<string, string>> = {
  Conv2D: 'convolution',
  BatchNormalization: 'norm',
  Dense: 'dense',
};

/** Layers of one class are numbered in their names in the order in which they were made. */
const numberOf = (layer: tf.layers.Layer): number => Number(/\d+$/.exec(layer.name)?.[0] ?? 0);

/** Weights as `dense.0/kernel`, `norm.3/moving_mean`: a model's own order follows its graph, which PyTorch has not. */
export function namedWeights(model: tf.LayersModel): Map<string, Weight> {
  const named = new Map<string, Weight>();
  for (const [className, kind] of Object.entries(KINDS)) {
    const layers = model.layers.filter((layer) => layer.getClassName() === className);
    for (const [index, layer] of layers.sort((a, b) => numberOf(a) - numberOf(b)).entries()) {
      for (const weight of layer.weights)
        named.set(`${kind}.${index}/${weight.originalName.split('/').at(-1)}`, weight);
    }
  }
  if (named.size !== model.weights.length) {
    throw new Error(`${model.weights.length} weights, of which ${named.size} have a name that peers know`);
  }
  return named;
}

/** Sets every weight of a model from a file that `namedWeights` named. */
export function loadWeights(model: tf.LayersModel, { tensors }: Safetensors): void {
  for (const [name, weight] of namedWeights(model)) {
    const { data, shape } = tensors[name] ?? {};
    if (data === undefined) throw new Error(`the checkpoint has no ${name}`);
    const value = tf.tensor(data as Float32Array, shape);
    weight.write(value);
    value.dispose();
  }
}
