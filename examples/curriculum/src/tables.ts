import { number, percent, type SeedSummary, signed, table, text } from '@vogjs/example-shared';
import type { MethodSummary } from './results.js';

/** Methods of one set: accuracies, and what each has more than the random order, in percent and percentage points. */
export function methodTable(summaries: readonly MethodSummary[]): string {
  return table(
    [
      text('method'),
      number('after half'),
      number('gain after half'),
      number('at the end'),
      number('gain at the end'),
      number('images shown'),
      number('wrong labels shown'),
    ],
    summaries.map(({ method, half, final, gain, shown, wrongShown }) => [
      method,
      percent(half.mean),
      gain === null ? '' : points(gain.half),
      percent(final.mean),
      gain === null ? '' : points(gain.final),
      percent(shown),
      percent(wrongShown),
    ]),
  );
}

function points({ mean, halfWidth }: SeedSummary): string {
  return `${signed(100 * mean, 1)} ± ${(100 * halfWidth).toFixed(1)}`;
}
