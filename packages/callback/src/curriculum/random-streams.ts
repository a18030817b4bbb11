import { seededRandom, type SeededRandom } from '@vogjs/core';

/** What a stream of random numbers is for; each has its own, so that one more draw here moves nothing there. */
export const STREAM = { ties: 1, coins: 2, shuffle: 3, extras: 4 } as const;

/**
 * A generator that seed, purpose, epoch and pass alone decide: the order of an epoch is the same whatever was asked
 * before, and in a run that was stopped and went on.
 */
export function streamOf(seed: number, purpose: number, epoch = 0, pass = 0): SeededRandom {
  let low = seed >>> 0;
  let high = Math.floor(seed / 2 ** 32) >>> 0;
  for (const part of [purpose, epoch, pass]) {
    low = mix(low ^ part);
    high = mix((high + low + part) >>> 0);
  }
  // 53 bits, the most a seed has.
  return seededRandom((high & 0x1fffff) * 2 ** 32 + low);
}

/** A random order of these values. */
export function shuffled(values: Int32Array, random: SeededRandom): Int32Array {
  return random.shuffle(values.length).map((place) => values[place] as number);
}

/** MurmurHash3's finaliser after a step of its Weyl sequence, which keeps 0 from being a fixed point. */
function mix(word: number): number {
  let x = (word + 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
