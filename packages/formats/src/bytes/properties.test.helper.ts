import { seededRandom, type SeededRandom } from '@vogjs/base';

/**
 * Runs `check` on random inputs, other ones each time. A failure names the seed; VOGJS_SEED=that seed runs it again.
 */
export function forRandomInputs(runs: number, check: (random: SeededRandom) => void): void {
  const given = process.env['VOGJS_SEED'];
  const first = given === undefined ? Math.floor(Math.random() * 2 ** 40) : Number(given);
  for (let seed = first; seed < first + (given === undefined ? runs : 1); seed++) {
    try {
      check(seededRandom(seed));
    } catch (error) {
      if (error instanceof Error) error.message += `\n    VOGJS_SEED=${seed} runs this case again`;
      throw error;
    }
  }
}

/** A random shape of 0 to 4 dimensions, sometimes with a dimension of 0. */
export function randomShape(random: SeededRandom): number[] {
  const least = random.uniform() < 0.2 ? 0 : 1;
  return Array.from({ length: random.integer(5) }, () => least + random.integer(4));
}

/** Bytes at an odd address, as a slice of a Node `Buffer` or of a larger file may have. */
export function atOddAddress(bytes: Uint8Array): Uint8Array {
  const room = new Uint8Array(bytes.length + 1);
  room.set(bytes, 1);
  return room.subarray(1);
}
