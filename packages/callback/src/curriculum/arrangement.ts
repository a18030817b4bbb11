import type { SeededRandom } from '@vogjs/core';
import type { MiningOptions } from './options.js';
import { shuffled } from './random-streams.js';

/**
 * Mixes lists so that every stretch of the result holds of each list what the whole does: lists of equal length take
 * turns.
 */
function interleave(lists: readonly Int32Array[], random: SeededRandom): Int32Array {
  const places = lists.flatMap((list) => {
    // A random phase for each list, or the same list would come first in every round.
    const phase = random.uniform();
    return Array.from(list, (index, i) => ({ index, at: (i + phase) / list.length }));
  });
  return Int32Array.from(
    places.sort((a, b) => a.at - b.at),
    ({ index }) => index,
  );
}

/**
 * Class-balanced order of the available examples: a class that has fewer than the largest is repeated, newly shuffled
 * each time, until it has as many or each of its examples was shown `maxRepeats` times.
 */
export function balancedOrder(available: readonly Int32Array[], maxRepeats: number, random: SeededRandom): Int32Array {
  const largest = Math.max(...available.map((members) => members.length));
  const lists = available.map((members) => {
    const length = Math.min(largest, members.length * maxRepeats);
    const repeated = new Int32Array(length);
    for (let start = 0; start < length; start += members.length) {
      repeated.set(shuffled(members, random).subarray(0, length - start), start);
    }
    return repeated;
  });
  return interleave(lists, random);
}

/**
 * Extra showings of the hardest of these examples: `extra` times their number in all, drawn at random among the
 * `hardest` share of them, none shown more than `maxRepeats` times with its regular showing. Where the cap leaves less
 * room, there are fewer.
 *
 * @param easiestFirst the available examples, easiest first
 */
export function extraShowings(
  easiestFirst: Int32Array,
  { extra, hardest }: Required<MiningOptions>,
  maxRepeats: number,
  random: SeededRandom,
): Int32Array {
  const count = easiestFirst.length;
  const hard = easiestFirst.subarray(count - Math.max(1, Math.round(hardest * count)));
  const room = new Int32Array(hard.length * (maxRepeats - 1)).map((_, i) => hard[i % hard.length]!);
  return shuffled(room, random).subarray(0, Math.round(extra * count));
}
