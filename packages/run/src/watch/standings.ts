import type { Scores } from '@vogjs/core';
import { quantile } from '@vogjs/statistics';
import type { Flips, WatchedColumn, WatchedExample } from './watch-events.js';

const BANDS = [0.05, 0.25, 0.5, 0.75, 0.95];
const FLIPS = 12;

/** `vog`, or `data-maps.confidence` */
export const nameOf = ({ metric, column }: Scores): string => (column === metric ? metric : `${metric}.${column}`);

/** A column in few numbers; null while no example has a score. */
export function columnOf(scores: Scores): WatchedColumn | null {
  const values = scores.values.filter((value) => Number.isFinite(value));
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const { hardDirection } = scores;
  return { name: nameOf(scores), hardDirection, scored: values.length, mean, bands: quantile(values, BANDS) };
}

/** Rank of each example, 1 the hardest, and 0 for those that have no score: `[N]`. */
export function ranksOf(scores: Scores): Int32Array {
  const ranks = new Int32Array(scores.values.length);
  let rank = 0;
  for (const row of scores.ranking()) if (!Number.isNaN(scores.values[row])) ranks[row] = ++rank;
  return ranks;
}

/** The hardest examples, hardest first, and where each stood before. */
export function hardestOf(scores: Scores, count: number, before: Int32Array | null): WatchedExample[] {
  return scores.hardest(count).map(({ index, id, label, value }) => {
    const was = before?.[index] ?? 0;
    return { row: index, id, label, value, was: was === 0 ? null : was };
  });
}

/** Examples of the easy half in `early` that are in the hardest tenth of `late`; ranks as `ranksOf` gives them. */
export function flipsOf({ ids, labels }: Scores, early: Int32Array, late: Int32Array): Omit<Flips, 'early' | 'late'> {
  const scored = (ranks: Int32Array): number => ranks.reduce((count, rank) => count + Number(rank > 0), 0);
  const [half, tenth] = [scored(early) / 2, scored(late) / 10];
  const rows: number[] = [];
  for (const [row, rank] of late.entries()) {
    if (rank > 0 && rank <= tenth && (early[row] as number) > half) rows.push(row);
  }
  const risen = (row: number): number => (early[row] as number) - (late[row] as number);
  const first = rows
    .toSorted((a, b) => risen(b) - risen(a))
    .slice(0, FLIPS)
    .map((row) => ({
      row,
      id: ids[row] as string | number,
      label: labels?.[row] ?? null,
      from: early[row] as number,
      to: late[row] as number,
    }));
  return { count: rows.length, first };
}
