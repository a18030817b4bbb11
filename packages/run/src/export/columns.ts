import { classNameOf, correctedLabel, type ExportRows } from './rows.js';

/** One column of a flat export. */
export interface ExportColumn {
  readonly name: string;
  readonly kind: 'text' | 'integer' | 'float' | 'number' | 'flag';
  readonly at: (example: number) => string | number | boolean | null;
}

/** The columns that csv, jsonl and parquet have alike; those of which the run knows nothing are left out. */
export function exportColumns(rows: ExportRows): ExportColumn[] {
  const columns: ExportColumn[] = [
    { name: 'id', kind: typeof rows.ids[0] === 'number' ? 'integer' : 'text', at: (i) => rows.ids[i] ?? null },
  ];
  const { paths, labels, predicted, suggested, percentile } = rows;
  if (paths !== null) columns.push({ name: 'path', kind: 'text', at: (i) => paths[i] ?? null });
  for (const [name, list] of Object.entries({ label: labels, predicted, suggested })) {
    if (list === null) continue;
    columns.push({ name, kind: 'integer', at: (i) => (list[i] === -1 ? null : (list[i] ?? null)) });
    if (rows.classNames !== null)
      columns.push({ name: `${name}_name`, kind: 'text', at: (i) => classNameOf(rows, list[i]) });
  }
  for (const [c, { name }] of rows.columns.entries()) {
    columns.push({ name, kind: 'float', at: (i) => rows.scores[c]?.[i] ?? null });
  }
  if (percentile !== null) columns.push({ name: 'percentile', kind: 'float', at: (i) => percentile[i] ?? null });
  columns.push({
    name: 'issues',
    kind: 'text',
    at: (i) => [...new Set(rows.issues.get(i)?.map(({ kind }) => kind))].join(' ') || null,
  });
  columns.push({ name: 'decision', kind: 'text', at: (i) => rows.decisions[i]?.decision ?? null });
  if (labels !== null) {
    columns.push({ name: 'corrected', kind: 'text', at: (i) => classNameOf(rows, correctedLabel(rows, i)) });
  }
  for (const { name, values } of rows.meta) {
    const kinds = new Set(values.filter((value) => value !== null).map((value) => typeof value));
    const kind = kinds.size !== 1 || kinds.has('string') ? 'text' : kinds.has('boolean') ? 'flag' : 'number';
    columns.push({ name: `meta.${name}`, kind, at: (i) => values[i] ?? null });
  }
  return columns;
}
