import { formatP, number, overSeeds, type SeedSummary, signed, table, text } from '@vogjs/example-shared';
import type { MetricCost } from './cost.js';
import type { Detected } from './experiment.js';
import type { MemorisationTest } from './memorisation.js';

/** A score over all runs of one label set. */
export interface ScoreRow {
  readonly name: string;
  readonly hardDirection: 'high' | 'low';
  readonly detected: readonly Detected[];
  /** Mean rank correlation between runs; NaN for one run. */
  readonly betweenRuns: number;
}

/** Scores by how well they find wrong labels, best first, with a random order among them. */
export function detectionTable(rows: readonly ScoreRow[], noiseRate: number): string {
  const summaries = rows.map(({ name, hardDirection, detected, betweenRuns }) => ({
    cells: [name, hardDirection],
    auroc: overSeeds(detected.map(({ auroc }) => auroc)),
    averagePrecision: overSeeds(detected.map(({ averagePrecision }) => averagePrecision)),
    betweenRuns: Number.isNaN(betweenRuns) ? '-' : betweenRuns.toFixed(2),
  }));
  const random = {
    cells: ['(a random order)', ''],
    auroc: { mean: 0.5, halfWidth: 0 },
    averagePrecision: { mean: noiseRate, halfWidth: 0 },
    betweenRuns: '0.00',
  };
  const sorted = [...summaries, random].toSorted((a, b) => b.auroc.mean - a.auroc.mean);
  return table(
    [text('score'), text('hard end'), number('AUROC'), number('average precision'), number('between seeds')],
    sorted.map((row) => [...row.cells, interval(row.auroc), interval(row.averagePrecision), row.betweenRuns]),
  );
}

export function costTable(costs: readonly MetricCost[]): string {
  return table(
    [text('metric'), number('added to all others'), number('alone')],
    costs.map(({ metric, added, alone }) => [metric, added.toFixed(0), alone.toFixed(0)]),
  );
}

/** Columns that rank as another one does, or nearly, and would only widen the table. */
const LEFT_OUT =
  /^(data-iq\.confidence|data-maps\.correctness|forgetting\.(?!count)|confident-learning\.selfConfidence)/;

/** Rank agreement of each two scores; columns are numbered as the rows are. */
export function agreementTable(names: readonly string[], matrix: readonly (readonly number[])[]): string {
  const kept = [...names.keys()].filter((i) => !LEFT_OUT.test(names[i] ?? ''));
  return table(
    [number('no.'), text('score'), ...kept.slice(0, -1).map((_, i) => number(String(i + 1)))],
    kept.map((i, row) => [
      String(row + 1),
      names[i] ?? '',
      ...kept.slice(0, row).map((j) => {
        const value = matrix[i]?.[j] ?? Number.NaN;
        return Number.isNaN(value) ? '-' : value.toFixed(2);
      }),
    ]),
  );
}

export function memorisationTable(runs: readonly { seed: number; tests: readonly MemorisationTest[] }[]): string {
  const columns = [
    number('seed'),
    text('score'),
    text('normalised'),
    number('correct: mean ± std (n)'),
    number('shuffled: mean ± std (n)'),
    number('t'),
    number('p'),
  ];
  const sample = ({ mean, std, n }: { mean: number; std: number; n: number }) =>
    `${mean.toPrecision(3)} ± ${std.toPrecision(3)} (${n})`;
  const rows = runs.flatMap(({ seed, tests }) =>
    tests.map(({ score, normalise, test }) => [
      String(seed),
      score,
      normalise,
      sample(test.first),
      sample(test.second),
      signed(test.t, 1),
      formatP(test),
    ]),
  );
  return table(columns, rows);
}

function interval({ mean, halfWidth }: SeedSummary): string {
  return Number.isNaN(halfWidth) ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${halfWidth.toFixed(3)}`;
}
