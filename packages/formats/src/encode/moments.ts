import { shown, VogError } from '@vogjs/base';
import type { NumberColumn } from '../tables/table.js';

/**
 * Mean and population standard deviation of the values that are not NaN; a deviation of 0 counts as 1.
 *
 * @throws VogError TABLE_INVALID for an infinite value, which nothing can be scaled by
 */
export function momentsOf({ name, values }: NumberColumn): {
  readonly mean: number;
  readonly deviation: number;
  readonly count: number;
} {
  let count = 0;
  let mean = 0;
  let squares = 0;
  // Welford, Technometrics 4 (1962): no difference of large sums.
  for (const [row, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) {
      throw new VogError(
        'TABLE_INVALID',
        `encodeTable: column ${shown(name)} is ${value} in row ${row}. Correct it, leave it empty, or name the column in exclude.`,
      );
    }
    count++;
    const difference = value - mean;
    mean += difference / count;
    squares += difference * (value - mean);
  }
  const deviation = count === 0 ? 0 : Math.sqrt(squares / count);
  return { mean, deviation: deviation > 0 ? deviation : 1, count };
}
