import { type PercentileHistogram, percentileHistogram } from '@vogjs/metrics';
import type { OodScores } from '@vogjs/ood';
import { formatP, number, table, text } from '@vogjs/example-shared';
import { insideRows, outsideRows, type SetRows } from '../f-ood/evaluation.js';
import type { Run } from '../f-ood/run.js';

/** Where the images of one set lie among them and the in-distribution ones together. */
export interface SetHistogram {
  readonly set: string;
  readonly method: string;
  readonly histogram: PercentileHistogram;
}

/** What the paper found of ImageNet-O: percent of its images in the bottom and in the top quarter of VoG. */
export const PAPER_SHARES = { bottom: 24, top: 30 } as const;

/** Histograms of each set and of all sets together, by each score; the parts of a set are sets of their own. */
export function setHistograms(
  run: Pick<Run, 'sets' | 'probe'>,
  methods: Readonly<Record<string, OodScores>>,
): SetHistogram[] {
  const inside = insideRows(run);
  const sets = outsideRows(run);
  const whole = sets.filter(({ isPart }) => !isPart).flatMap(({ rows }) => [...rows]);
  const all: SetRows = { title: 'all of them', rows: Int32Array.from(whole), isPart: true };
  return [...sets, all].flatMap(({ title, rows }) =>
    Object.entries(methods).map(([method, { values, oodDirection }]) => {
      const pooled = [...inside, ...rows];
      const flags = pooled.map((_, i) => i >= inside.length);
      // A score's out-of-distribution end is where atypical images are expected.
      const scores = { values: pooled.map((row) => values[row] as number), hardDirection: oodDirection };
      return { set: title, method, histogram: percentileHistogram(scores, flags) };
    }),
  );
}

/** Percent of each set's images in each quarter, the lowest first, with exact p-values of too many. */
export function histogramTable(histograms: readonly SetHistogram[], titleOf: (method: string) => string): string {
  const columns = [
    text('out-of-distribution'),
    text('score'),
    number('images'),
    number('bottom 25 %'),
    number('25 to 50 %'),
    number('50 to 75 %'),
    number('top 25 %'),
    number('p of so many at the top'),
    number('p of so many at the bottom'),
  ];
  const rows = histograms.map(({ set, method, histogram: { bins, members } }) => [
    set,
    titleOf(method),
    String(members),
    ...bins.map(({ share }) => share.toFixed(1)),
    formatP((bins.at(-1) as (typeof bins)[number]).over),
    formatP((bins[0] as (typeof bins)[number]).over),
  ]);
  rows.push(['ImageNet-O (the paper)', 'VoG', '', `${PAPER_SHARES.bottom}`, '', '', `${PAPER_SHARES.top}`, '', '']);
  return table(columns, rows);
}
