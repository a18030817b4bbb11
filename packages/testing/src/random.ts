import { seededRandom } from '@vogjs/base';

/** A source of uniform numbers in [0, 1), as `Math.random` is one. */
export type Random = () => number;

/** Uniform numbers that the seed alone decides. */
export function uniformFrom(seed: number): Random {
  return seededRandom(seed).uniform;
}

/** A seed for this run: `SEED` from the environment to repeat a failure, otherwise a new one each time. */
export const runSeed = (): number => Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e9));

/** `count` numbers of mean 0 and standard deviation 1, near enough normal (Irwin-Hall of 12). */
export function normalValues(count: number, random: Random): Float32Array {
  return Float32Array.from({ length: count }, () => {
    let sum = -6;
    for (let k = 0; k < 12; k++) sum += random();
    return sum;
  });
}
