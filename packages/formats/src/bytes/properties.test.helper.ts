import type { SeededRandom } from '@vogjs/base';

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
