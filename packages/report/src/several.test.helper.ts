import { Scores } from '@vogjs/core';
import type { ReportInput } from './input/report.js';
import { everything } from './sample.test.helper.js';

// Test support: a page of several metrics on made-up scores of any size.

/** Scores of one metric or column, from a value per example. */
export function metricOf(
  size: number,
  metric: string,
  value: (example: number) => number,
  changes: { column?: string; hardDirection?: 'high' | 'low'; notes?: string[] } = {},
): Scores {
  return new Scores({
    metric,
    column: metric,
    window: 'complete',
    hardDirection: 'high',
    checkpoints: 6,
    values: Float32Array.from({ length: size }, (_, example) => value(example)),
    ids: Array.from({ length: size }, (_, example) => `image-${example}`),
    labels: Int32Array.from({ length: size }, (_, example) => example % 3),
    classNames: ['cat', 'dog', 'emu'],
    ...changes,
  });
}

/** A data map in which example e is right at e mod 6 of 5 checkpoints, capped. */
export function dataMapOf(size: number): NonNullable<ReportInput['dataMap']> {
  const share = (example: number) => Math.min(5, example % 6) / 5;
  return {
    confidence: metricOf(size, 'data-maps', share, { column: 'confidence', hardDirection: 'low' }),
    variability: metricOf(size, 'data-maps', (example) => 0.4 * ((example * 17) % 100) * 0.01, {
      column: 'variability',
    }),
    correctness: metricOf(size, 'data-maps', share, { column: 'correctness', hardDirection: 'low' }),
  };
}

/** The page with everything that it has for one metric, and for several. */
export function several(): ReportInput {
  const input = everything();
  const size = input.scores.values.length;
  return {
    ...input,
    metrics: {
      vog: input.scores,
      aum: metricOf(size, 'aum', (example) => -((example * 37) % size), {
        hardDirection: 'low',
        notes: ['a note of aum'],
      }),
      'forgetting count': metricOf(size, 'forgetting', (example) => example % 4, { column: 'count' }),
    },
    dataMap: dataMapOf(size),
    suspects: [30, 7, 50].map((index, row) => ({
      index,
      proposedLabel: row === 1 ? null : 2,
      percentile: 99.97 - row,
      reason: `reason ${row}`,
    })),
  };
}
