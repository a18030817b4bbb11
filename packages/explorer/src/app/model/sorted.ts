import { everyRow } from './filter.js';
import { orderRows } from './order.js';

/** The rows of a column in order, worked out once: the gallery's order, its percentiles and its axis come of it. */
export class SortedColumn {
  readonly values: Float32Array;
  /** Largest first, equal ones as they lie in the table, NaN last; `[N]`. */
  readonly descending: Int32Array;
  /** Rows that have a value. */
  readonly count: number;
  #ascending: Int32Array | null = null;

  constructor(values: Float32Array) {
    this.values = values;
    this.descending = orderRows(everyRow(values.length), values, true);
    let count = values.length;
    while (count > 0 && Number.isNaN(this.at(count - 1))) count--;
    this.count = count;
  }

  /** The value at a place of `descending`. */
  at(place: number): number {
    return this.values[this.descending[place] as number] as number;
  }

  /** Smallest first, else as `descending`: its groups of equal ones, last to first. */
  get ascending(): Int32Array {
    if (this.#ascending !== null) return this.#ascending;
    const { descending, count } = this;
    const rows = descending.slice();
    let next = 0;
    for (let end = count; end > 0;) {
      const start = this.#startOf(end);
      for (let place = start; place < end; place++) rows[next++] = descending[place] as number;
      end = start;
    }
    return (this.#ascending = rows);
  }

  /** Where the group of equal values begins that ends before `end`. */
  #startOf(end: number): number {
    const value = this.at(end - 1);
    let start = end - 1;
    while (start > 0 && this.at(start - 1) === value) start--;
    return start;
  }

  /**
   * Percentile of a row among all, 0 to 100, the hardest near 100; ties share their mean rank, NaN is not counted.
   * 100 (r - 1/2) / n, as in the table of scores.
   */
  percentile(row: number, highIsHard: boolean): number {
    const own = this.values[row] as number;
    if (Number.isNaN(own)) return Number.NaN;
    const start = this.#places((value) => value > own);
    const end = this.#places((value) => value >= own);
    return (50 * this.#from(start + end, highIsHard)) / this.count;
  }

  /** The same of all rows at once, `[N]`. */
  percentiles(highIsHard: boolean): Float32Array {
    const { descending, count } = this;
    const result = new Float32Array(descending.length).fill(Number.NaN);
    for (let end = count; end > 0;) {
      const start = this.#startOf(end);
      const percentile = (50 * this.#from(start + end, highIsHard)) / count;
      for (let place = start; place < end; place++) result[descending[place] as number] = percentile;
      end = start;
    }
    return result;
  }

  /** Twice the middle of a group's ranks, counted from the easy end. */
  #from(twice: number, highIsHard: boolean): number {
    return highIsHard ? 2 * this.count - twice : twice;
  }

  /** How many places hold what a value must be, where these come first. */
  #places(comesFirst: (value: number) => boolean): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comesFirst(this.at(middle))) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const known = new WeakMap<Float32Array, SortedColumn>();

/** A column in order, as long as somebody holds its values. */
export function sortedOf(values: Float32Array): SortedColumn {
  const sorted = known.get(values) ?? new SortedColumn(values);
  known.set(values, sorted);
  return sorted;
}
