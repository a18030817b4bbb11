import { seededRandom, type SeededRandom } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';

export const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** A generator of its own for each use, all from the run's seed: SEED=… in the environment repeats a run. */
export function randomOf(salt: number): SeededRandom {
  return seededRandom(SEED + 7919 * salt);
}

/** Adds the seed to whatever fails inside. */
export async function withSeed(check: () => Promise<void> | void): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (error instanceof Error) error.message += `\n    SEED=${SEED} repeats this run`;
    throw error;
  }
}

export function normals(random: SeededRandom, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal());
}

export function normalTensor<R extends tf.Rank = tf.Rank>(random: SeededRandom, shape: number[]): tf.Tensor<R> {
  const count = shape.reduce((product, length) => product * length, 1);
  const made: tf.Tensor = tf.tensor(normals(random, count), shape);
  return made as tf.Tensor<R>;
}

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
