import type { SeededRandom } from '@vogjs/base';
import { normals } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';

export function integers(random: SeededRandom, count: number, below: number): Int32Array {
  return Int32Array.from({ length: count }, () => random.integer(below));
}

/** Gives every weight of a model a random value from the seed: tfjs's own initialisers ignore seeds of ours. */
export function randomiseWeights(model: tf.LayersModel, random: SeededRandom, scale = 0.5): void {
  const values = model.getWeights().map((weight) =>
    tf.tensor(
      normals(random, weight.size).map((x) => x * scale),
      weight.shape,
    ),
  );
  model.setWeights(values);
  tf.dispose(values);
}
