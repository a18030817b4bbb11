import type { Scores } from '@vogjs/core';
import type { PixelImages } from '@vogjs/formats/images';
import type { EventValue } from '@vogjs/formats/tensorboard';
import { quantile } from '@vogjs/statistics';
import { montage } from './montage.js';

/** Shares of the examples that are followed from checkpoint to checkpoint. */
const SHARES = { p10: 0.1, median: 0.5, p90: 0.9 };
/** Pictures of one entry are at most this large on the longer side. */
const MOST_PIXELS = 64;

/** A column's name as a tag: `vog`, `aum` or `margin.mean`. */
export const tagOf = ({ metric, column }: Scores): string => (column === metric ? metric : `${metric}.${column}`);

/** What TensorBoard is told of one column at one checkpoint. */
export function entriesOf(scores: Scores, hardest: number, images: PixelImages | undefined): EventValue[] {
  const tag = tagOf(scores);
  const values = scores.values.filter((value) => Number.isFinite(value));
  // A column without any score yet, as after a first checkpoint that diverged.
  if (values.length === 0) return [];
  const shares = quantile(values, Object.values(SHARES));
  const entries: EventValue[] = [
    { tag: `${tag}/mean`, scalar: values.reduce((sum, value) => sum + value / values.length, 0) },
    ...Object.keys(SHARES).map((name, i) => ({ tag: `${tag}/${name}`, scalar: shares[i] as number })),
    { tag: `${tag}/scores`, histogram: values },
  ];
  const first = scores.hardest(hardest);
  if (first.length === 0) return entries;
  const rows = first.map(
    ({ rank, id, className, label, value }) =>
      `| ${[rank, id, className ?? label ?? '', value].map(cell).join(' | ')} |`,
  );
  const table = ['| rank | id | label | score |', '| ---: | --- | --- | ---: |', ...rows].join('\n');
  entries.push({ tag: `${tag}/hardest`, text: [table, ...scores.notes.map((note) => `\n${note}`)].join('\n') });
  if (images === undefined) return entries;
  const columns = Math.min(first.length, 6);
  const image = montage(
    images,
    first.map(({ index }) => index),
    { columns, most: MOST_PIXELS },
  );
  return [...entries, { tag: `${tag}/hardest`, image }];
}

/** Text inside a Markdown table. */
const cell = (value: unknown): string =>
  String(value)
    .replace(/[\\|`*_<>[\]]/g, '\\$&')
    .replace(/\s+/g, ' ');
