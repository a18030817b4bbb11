import * as Plot from '@observablehq/plot';
import { quantile } from '@vogjs/statistics';

interface Bin {
  readonly from: number;
  readonly to: number;
  /** Share of the group, in percent. */
  readonly share: number;
}

/** The middle 99.5 %: a handful of extreme scores would squeeze all others into one bar. */
export function domainOf(values: readonly number[]): { from: number; to: number } | null {
  const [least, low, high, most] = quantile(values, [0, 0.0025, 0.9975, 1]) as [number, number, number, number];
  const spread = high - low;
  const from = least >= low - 0.1 * spread ? least : low;
  const to = most <= high + 0.1 * spread ? most : high;
  return to > from ? { from, to } : null;
}

/** How many bins show so many values: their square root, within what the eye can tell apart. */
export function binCount(values: number): number {
  return Math.max(8, Math.min(48, Math.round(Math.sqrt(values))));
}

/** Shares of the values in bins of one width, in percent; what lies beyond the ends is in the outermost. */
export function binsOf(values: readonly number[], { from, to }: { from: number; to: number }, count: number): Bin[] {
  const width = (to - from) / count;
  const counts = new Array<number>(count).fill(0);
  for (const value of values) counts[Math.max(0, Math.min(count - 1, Math.floor((value - from) / width)))]!++;
  return counts.map((members, bin) => ({
    from: from + bin * width,
    to: from + (bin + 1) * width,
    share: (100 * members) / values.length,
  }));
}

/** Bins as bars that touch. */
export function barsOf(bins: readonly Bin[], fill: string, fillOpacity: number): Plot.Markish {
  return Plot.rectY(bins, {
    x1: 'from',
    x2: 'to',
    y: 'share',
    fill,
    stroke: fill,
    fillOpacity,
    insetLeft: 0.5,
    insetRight: 0.5,
  });
}
