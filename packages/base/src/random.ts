import { VogError } from './errors.js';

/** A stream of pseudo-random numbers that its seed alone decides. Not for secrets. */
export interface SeededRandom {
  /** The next 32 bits, as a whole number in [0, 2^32). */
  bits(): number;
  /** Uniform in [0, 1), with 53 random bits. */
  uniform(): number;
  /** A whole number in [0, below), each equally likely. `below` is from 1 to 2^32. */
  integer(below: number): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** A random order of 0 .. n - 1 (Fisher-Yates): each of the n! orders equally likely. */
  shuffle(n: number): Int32Array;
}

/**
 * A seeded generator: xoshiro128** (Blackman and Vigna, 2018), its state filled from the seed by splitmix32.
 * The same seed gives the same numbers on every machine; `normal()` also rests on the engine's `Math.log`.
 *
 * `seed` is any whole number up to 2^53 in size. Throws `ARGUMENT_INVALID` for others.
 */
export function seededRandom(seed: number): SeededRandom {
  if (!Number.isSafeInteger(seed)) {
    throw new VogError('ARGUMENT_INVALID', `The seed must be a whole number of at most 2^53 in size, but is ${seed}.`);
  }
  // Two words from each half of the seed. Two words of one stream are never both 0, so neither are all four, and no
  // two seeds share a state.
  const low = splitmix32(seed >>> 0);
  const high = splitmix32(Math.floor(seed / 2 ** 32) >>> 0);
  const bits = xoshiro128([low(), high(), low(), high()]);
  for (let draw = 0; draw < 16; draw++) bits(); // close seeds start with close words; these draws part them

  const uniform = (): number => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53;

  const integer = (below: number): number => {
    if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) {
      throw new VogError('ARGUMENT_INVALID', `integer(below) takes a whole number from 1 to 2^32, not ${below}.`);
    }
    // Bits beyond the last whole multiple of `below` would favour small results: they are drawn again.
    const limit = 2 ** 32 - (2 ** 32 % below);
    let drawn = bits();
    while (drawn >= limit) drawn = bits();
    return drawn % below;
  };

  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    // Marsaglia's polar method: two normals from a uniform point of the unit disc.
    let x = 0;
    let y = 0;
    let square = 0;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * Math.log(square)) / square);
    spare = y * scale;
    return x * scale;
  };

  const shuffle = (n: number): Int32Array => {
    if (!Number.isInteger(n) || n < 0 || n >= 2 ** 31) {
      throw new VogError('ARGUMENT_INVALID', `shuffle(n) takes a whole number from 0 to 2^31 - 1, not ${n}.`);
    }
    const order = Int32Array.from({ length: n }, (_, index) => index);
    for (let last = n - 1; last > 0; last--) {
      const other = integer(last + 1);
      const value = order[last]!;
      order[last] = order[other]!;
      order[other] = value;
    }
    return order;
  };

  return { bits, uniform, integer, normal, shuffle };
}

/** xoshiro128**, version 1.1, from a state of four 32-bit words that are not all zero. */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state;
  return () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
}

/** Spreads a seed over many words: a Weyl sequence through MurmurHash3's finaliser. */
function splitmix32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return word ^ (word >>> 16);
  };
}
