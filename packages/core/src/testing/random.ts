/** A source of uniform numbers in [0, 1), as `Math.random` is one. */
export type Random = () => number;

/** mulberry32: a small seeded generator, the same numbers on every platform. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
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
