import { type OodByPercentile, oodByPercentile, type OodScores } from '@vogjs/ood';
import { formatP, number, table, text } from '@vogjs/example-shared';
import { rowsOfScores } from '../f-ood/detectors.js';
import { insideRows, outsideRows, type SetRows } from '../f-ood/evaluation.js';
import type { Run } from '../f-ood/run.js';

/** Where the images of one set lie among them and the in-distribution ones together. */
export interface SetHistogram {
  readonly set: string;
  readonly method: string;
  readonly histogram: OodByPercentile;
}

/** What the paper found of ImageNet-O: percent of its images in the bottom and in the top quarter of VoG. */
const PAPER_SHARES = { bottom: 24, top: 30 } as const;

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
    Object.entries(methods).map(([method, scores]) => ({
      set: title,
      method,
      histogram: oodByPercentile(rowsOfScores(scores, inside), rowsOfScores(scores, rows)),
    })),
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
  const rows = histograms.map(({ set, method, histogram: { bins, counts } }) => [
    set,
    titleOf(method),
    String(counts.out),
    ...bins.map(({ share }) => (100 * share).toFixed(1)),
    probability(bins.at(-1)?.pOver),
    probability(bins[0]?.pOver),
  ]);
  rows.push(['ImageNet-O (the paper)', 'VoG', '', `${PAPER_SHARES.bottom}`, '', '', `${PAPER_SHARES.top}`, '', '']);
  return table(columns, rows);
}

function probability(p = Number.NaN): string {
  return formatP({ p, logP: Math.log(p) });
}
