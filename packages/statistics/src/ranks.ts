import { requireArray } from './arguments.js';

/** Examples of one value, as a range of positions in an order. */
interface TieGroup {
  /** First position of the group, counted from 0. */
  readonly start: number;
  /** One past its last position. */
  readonly end: number;
}

/** The positions of examples in an order, and where values are equal. */
export interface Order {
  /** Example index at each position. */
  readonly order: Uint32Array;
  /** Consecutive groups of equal values that cover all positions. */
  readonly ties: readonly TieGroup[];
}

/** Order of the values, ascending. -0 and 0 are tied; infinities are ordinary values. */
export function orderOf(values: ArrayLike<number>): Order {
  const order = Uint32Array.from({ length: values.length }, (_, index) => index);
  // Comparison by < and >, not by subtraction: the difference of two infinities is NaN.
  order.sort((first, second) => {
    const x = values[first]!;
    const y = values[second]!;
    return x < y ? -1 : x > y ? 1 : first - second;
  });
  const ties: TieGroup[] = [];
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    ties.push({ start, end });
    start = end;
  }
  return { order, ties };
}

/**
 * Ranks from 1, ascending, ties at the mean of the ranks they share: [2, 5, 5] has ranks [1, 2.5, 2.5].
 *
 * @throws VogError ARGUMENT_INVALID for what is no array
 */
export function midRanks(values: ArrayLike<number>): Float64Array {
  requireArray('values', values);
  const { order, ties } = orderOf(values);
  const ranks = new Float64Array(values.length);
  for (const { start, end } of ties) {
    for (let position = start; position < end; position++) ranks[order[position]!] = (start + 1 + end) / 2;
  }
  return ranks;
}

/**
 * How many flagged examples the first positions of an order hold, as a running count with one entry more than
 * examples. Inside a tie group the flags are spread evenly: the expectation over every order of the tied examples, so
 * that no result depends on the order in which a data set happens to be stored.
 */
export function runningHits({ order, ties }: Order, flags: ArrayLike<number>): Float64Array {
  const hits = new Float64Array(order.length + 1);
  for (const { start, end } of ties) {
    let inGroup = 0;
    for (let position = start; position < end; position++) inGroup += flags[order[position]!]!;
    for (let position = start; position < end; position++) {
      hits[position + 1] = hits[start]! + (inGroup * (position + 1 - start)) / (end - start);
    }
  }
  return hits;
}
