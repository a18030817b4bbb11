/** Bits of a key that one pass looks at; three passes see all 32. */
const DIGIT = 11;
const BUCKETS = 2 ** DIGIT;
const PASSES = 3;

/**
 * Rows in the order of their keys, NaN last, equal ones in the rows' order.
 *
 * A radix sort, least digit first: floats as whole numbers of the same order, so that neither comparisons nor objects are
 * needed. Digits that all rows share cost no pass.
 */
export function orderRows(rows: Int32Array, keys: Float32Array, largestFirst: boolean): Int32Array {
  const { length } = rows;
  const ranks = new Uint32Array(length);
  const counts = Array.from({ length: PASSES }, () => new Uint32Array(BUCKETS));
  countDigits(rankRows(rows, keys, largestFirst, ranks), counts);
  let from = { rows, ranks };
  for (const [pass, count] of counts.entries()) {
    const shift = pass * DIGIT;
    if (count[((from.ranks[0] as number) >>> shift) & (BUCKETS - 1)] === length) continue;
    // Where each digit's rows begin.
    let start = 0;
    for (let digit = 0; digit < BUCKETS; digit++) {
      const many = count[digit] as number;
      count[digit] = start;
      start += many;
    }
    const to = { rows: new Int32Array(length), ranks: new Uint32Array(length) };
    spread(from, to, count, shift);
    from = to;
  }
  return from.rows === rows ? rows.slice() : from.rows;
}

/** Keys as unsigned numbers that ascend in the order asked for; NaN is the largest. */
function rankRows(rows: Int32Array, keys: Float32Array, largestFirst: boolean, ranks: Uint32Array): Uint32Array {
  const bits = new Uint32Array(keys.buffer, keys.byteOffset, keys.length);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    const key = keys[row] as number;
    // -0 and 0 are the same score.
    const raw = key === 0 ? 0 : (bits[row] as number);
    const ascending = raw >>> 31 === 1 ? ~raw : raw | 0x8000_0000;
    // Inverted, no number reaches NaN's place: that would be a NaN itself.
    ranks[at] = key === key ? (largestFirst ? ~ascending : ascending) : 0xffff_ffff;
  }
  return ranks;
}

function countDigits(ranks: Uint32Array, counts: readonly Uint32Array[]): void {
  const [low, middle, high] = counts as [Uint32Array, Uint32Array, Uint32Array];
  for (let at = 0; at < ranks.length; at++) {
    const rank = ranks[at] as number;
    low[rank & (BUCKETS - 1)]!++;
    middle[(rank >>> DIGIT) & (BUCKETS - 1)]!++;
    high[rank >>> (2 * DIGIT)]!++;
  }
}

interface Ranked {
  readonly rows: Int32Array;
  readonly ranks: Uint32Array;
}

/** One pass: each row goes to the next place of its digit. */
function spread(from: Ranked, to: Ranked, next: Uint32Array, shift: number): void {
  for (let at = 0; at < from.ranks.length; at++) {
    const rank = from.ranks[at] as number;
    const place = next[(rank >>> shift) & (BUCKETS - 1)]!++;
    to.ranks[place] = rank;
    to.rows[place] = from.rows[at] as number;
  }
}
