import { midRanks } from '@vogjs/statistics';

/** `(r - 1/2) / n` of each value among those that are numbers, ties at their mean rank; NaN stays NaN. `[N]` */
export function percentilesOf(values: ArrayLike<number>): Float64Array {
  const known = Array.from({ length: values.length }, (_, i) => i).filter((i) => !Number.isNaN(values[i]));
  const ranks = midRanks(known.map((i) => values[i]!));
  const percentiles = new Float64Array(values.length).fill(Number.NaN);
  for (const [position, i] of known.entries()) percentiles[i] = (ranks[position]! - 0.5) / known.length;
  return percentiles;
}

/** Mean of the columns that have a number for an example; NaN where none has. `[N]` */
export function meanOf(columns: readonly ArrayLike<number>[], size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    let count = 0;
    for (const column of columns) {
      if (Number.isNaN(column[i])) continue;
      sum += column[i]!;
      count++;
    }
    return sum / count;
  });
}
