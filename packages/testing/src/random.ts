import { seededRandom, type SeededRandom } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';

/** A source of uniform numbers in [0, 1), as `Math.random` is one. */
export type Random = () => number;

/** Uniform numbers that the seed alone decides. */
export function uniformFrom(seed: number): Random {
  return seededRandom(seed).uniform;
}

/** The seed of this process: `SEED` from the environment to repeat a failure, otherwise a new one each time. */
// A page has no process.
export const SEED = Number(globalThis.process?.env['SEED'] ?? Math.floor(Math.random() * 1e9));

export const runSeed = (): number => SEED;

/** A generator of its own for each use, all from the run's seed. */
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

/** Runs `check` on random inputs, other ones each time. A failure names the seed whose first case it is. */
export function forRandomInputs(runs: number, check: (random: SeededRandom) => void): void {
  for (let seed = SEED; seed < SEED + runs; seed++) {
    try {
      check(seededRandom(seed));
    } catch (error) {
      if (error instanceof Error) error.message += `\n    SEED=${seed} runs this case first`;
      throw error;
    }
  }
}

/** `count` numbers of mean 0 and standard deviation 1, near enough normal (Irwin-Hall of 12). */
export function normalValues(count: number, random: Random): Float32Array {
  return Float32Array.from({ length: count }, () => {
    let sum = -6;
    for (let k = 0; k < 12; k++) sum += random();
    return sum;
  });
}

/** Makes tensors of `normalValues` from one source: `const normal = normalTensorsFrom(random); normal(2, 3)`. */
export function normalTensorsFrom(random: Random): (...shape: number[]) => tf.Tensor {
  return (...shape) => tf.tensor(normalValues(tf.util.sizeFromShape(shape), random), shape);
}

/** `count` normal numbers of mean 0 and this standard deviation. */
export function normals(random: SeededRandom, count: number, scale = 1): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal() * scale);
}

/** A tensor of normal numbers of mean 0 and this standard deviation. */
export function normalTensor<R extends tf.Rank = tf.Rank>(
  random: SeededRandom,
  shape: number[],
  scale = 1,
): tf.Tensor<R> {
  const count = shape.reduce((product, length) => product * length, 1);
  const made: tf.Tensor = tf.tensor(normals(random, count, scale), shape);
  return made as tf.Tensor<R>;
}
