import { VogError } from '@vogjs/base';
import type { Issue } from '@vogjs/issues';
import { ISSUES } from '../issues/issues-file.js';
import type { Run } from '../open/open-run.js';
import type { Review } from '../reviews/reviews.js';
import type { ScoreColumn } from '../tables/score-column.js';

/** All that a run says of its examples, by column; every list has one entry an example, in the run's order. */
export interface ExportRows {
  readonly size: number;
  readonly ids: readonly (string | number)[];
  readonly paths: readonly string[] | null;
  readonly labels: Int32Array | null;
  readonly predicted: Int32Array | null;
  readonly suggested: Int32Array | null;
  readonly percentile: Float32Array | null;
  readonly columns: readonly ScoreColumn[];
  /** `[columns][N]` */
  readonly scores: readonly Float32Array[];
  readonly meta: readonly { readonly name: string; readonly values: readonly (number | string | boolean | null)[] }[];
  readonly classNames: readonly string[] | null;
  /** The decision that stands, by position; undefined where there is none. */
  readonly decisions: readonly (Review | undefined)[];
  /** Flagged issues of each example, by position. */
  readonly issues: ReadonlyMap<number, readonly Issue[]>;
}

/** Reads what exports need; a run without issues or decisions has none. */
export async function exportRows(run: Run): Promise<ExportRows> {
  const table = await run.scores();
  const [ids, paths, labels, predicted, suggested, percentile, reviews] = await Promise.all([
    table.ids(),
    table.paths(),
    table.labels(),
    table.predicted(),
    table.suggested(),
    table.percentile(),
    run.reviews(),
  ]);
  const scores: Float32Array[] = [];
  for (const { name } of table.columns) scores.push(await table.values(name));
  const meta: ExportRows['meta'][number][] = [];
  for (const name of table.metaNames) meta.push({ name, values: await table.meta(name) });
  const positions = new Map(ids.map((id, at) => [String(id), at]));
  const issues = new Map<number, Issue[]>();
  if (await run.has(ISSUES)) {
    for (const issue of (await run.issues()).issues) {
      const at = positions.get(String(issue.id));
      if (!issue.flagged || at === undefined || issue.kind === 'imbalance' || issue.kind === 'group') continue;
      issues.set(at, [...(issues.get(at) ?? []), issue]);
    }
  }
  return {
    size: ids.length,
    ids,
    paths,
    labels,
    predicted,
    suggested,
    percentile,
    columns: table.columns,
    scores,
    meta,
    classNames: run.manifest.classNames,
    decisions: ids.map((id) => reviews.standing.get(String(id))),
    issues,
  };
}

/** Name of a class, its index where there are no names; null for none (-1 or no list). */
export function classNameOf({ classNames }: ExportRows, index: number | undefined): string | null {
  if (index === undefined || index < 0) return null;
  return classNames?.[index] ?? String(index);
}

/** The label after what people decided. */
export function correctedLabel(rows: ExportRows, at: number): number | undefined {
  const review = rows.decisions[at];
  return review?.decision === 'relabel' ? review.label : rows.labels?.[at];
}

/** The class that a reviewer should look at first: what was suggested, else what was predicted; undefined for none. */
export function proposedLabel({ suggested, predicted }: ExportRows, at: number): number | undefined {
  return [suggested?.[at], predicted?.[at]].find((label) => label !== undefined && label >= 0);
}

/** @throws VogError ARGUMENT_INVALID for a run without class labels, which this format is about */
export function requireLabels(rows: ExportRows, format: string): Int32Array {
  if (rows.labels !== null) return rows.labels;
  throw new VogError(
    'ARGUMENT_INVALID',
    `The run has no labels, and ${format} is about them. Export it as csv, jsonl or parquet.`,
  );
}
