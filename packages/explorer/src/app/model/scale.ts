import type { Range } from './filter.js';
import { sortedOf } from './sorted.js';

/** Edges of a histogram are 0 to `BINS`. */
export const BINS = 48;
/** Share of the values beyond each end of the axis: few extreme ones must not press all others into one bar. */
const BEYOND = 0.002;

/** How values of a score lie on an axis: easy at its beginning, hard at its end, whichever direction is hard. */
export interface Scale {
  readonly easiest: number;
  readonly hardest: number;
}

/** @returns null where no two values differ */
export function scaleOf(values: Float32Array, highIsHard: boolean): Scale | null {
  const sorted = sortedOf(values);
  let [first, last] = [0, sorted.count - 1];
  while (sorted.at(first) === Infinity) first++;
  while (sorted.at(last) === -Infinity) last--;
  if (first > last) return null;
  const beyond = Math.floor(BEYOND * (last - first));
  let [high, low] = [sorted.at(first + beyond), sorted.at(last - beyond)];
  if (low === high) [high, low] = [sorted.at(first), sorted.at(last)];
  if (low === high) return null;
  return highIsHard ? { easiest: low, hardest: high } : { easiest: high, hardest: low };
}

/** Where a value lies, 0 easiest to 1 hardest; what is beyond lies at the end. NaN stays NaN. */
export function placeOf({ easiest, hardest }: Scale, value: number): number {
  return Math.min(1, Math.max(0, (value - easiest) / (hardest - easiest)));
}

/** A row that lies in no bin. */
const NO_BIN = 255;

/** The bin of each row, `[N]`; `NO_BIN` for NaN. */
export function binsOf(scale: Scale, values: Float32Array): Uint8Array {
  const bins = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const place = placeOf(scale, values[row] as number);
    bins[row] = Number.isNaN(place) ? NO_BIN : Math.min(BINS - 1, Math.floor(place * BINS));
  }
  return bins;
}

/** How many rows lie in each bin, `[BINS]`: all of them, or those that fail nothing. */
export function countBins(bins: Uint8Array, fails: Uint8Array | null): Uint32Array {
  const counts = new Uint32Array(NO_BIN + 1);
  for (let row = 0; row < bins.length; row++) {
    if (fails === null || fails[row] === 0) counts[bins[row] as number]!++;
  }
  return counts.slice(0, BINS);
}

/**
 * Values between two places; an end of the axis stands for all that is beyond it.
 *
 * @returns null where the places leave nothing out
 */
export function rangeBetween(scale: Scale, column: string, a: number, b: number): Range | null {
  const [from, to] = a < b ? [a, b] : [b, a];
  if (from <= 0 && to >= 1) return null;
  const value = (place: number): number =>
    Number((scale.easiest + place * (scale.hardest - scale.easiest)).toPrecision(5));
  const upwards = scale.hardest > scale.easiest;
  const [easy, hard] = [from <= 0 ? null : value(from), to >= 1 ? null : value(to)];
  const [low, high] = upwards ? [easy, hard] : [hard, easy];
  return { column, low: low ?? -Infinity, high: high ?? Infinity };
}

/** Places of a range's ends, the easy one first. */
export function placesOf(scale: Scale, { low, high }: Range): [number, number] {
  const upwards = scale.hardest > scale.easiest;
  return [placeOf(scale, upwards ? low : high), placeOf(scale, upwards ? high : low)];
}
