import type { ScoresTable } from '@vogjs/run';
import type { ApiColumn, ColumnKind } from '../../api/types.js';
import { Refusal } from '../http/refusal.js';

const FIXED = ['id', 'path', 'label', 'predicted', 'suggested', 'percentile'] as const satisfies ColumnKind[];

/** All columns of a table, numbered. */
export function listColumns(table: ScoresTable): ApiColumn[] {
  const fixed = FIXED.filter((name) => table.columnNames.includes(name)).map((name) => ({ kind: name, name }));
  const scores = table.columns.map(({ name, metric, window, hardDirection, checkpoints, notes }) => {
    return { kind: 'score' as const, name, metric, window, hardDirection, checkpoints, notes };
  });
  const meta = table.metaNames.map((name) => ({ kind: 'meta' as const, name }));
  return [...fixed, ...scores, ...meta].map((each, column) => ({ column, ...each }));
}

/** Values of a column by its number: float32 `[N]`, NaN where there is none; texts as a list, null where there is none. */
export async function readColumn(
  table: ScoresTable,
  number: number,
): Promise<Float32Array | readonly (string | number | boolean | null)[]> {
  const column = listColumns(table)[number];
  if (column === undefined) throw new Refusal(404, `There is no column number ${number}.`);
  const { kind, name } = column;
  if (kind === 'score') return table.values(name);
  if (kind === 'id') return table.ids();
  if (kind === 'path') return (await table.paths()) ?? [];
  if (kind === 'percentile') return (await table.percentile()) ?? new Float32Array();
  if (kind === 'meta') return numeric(await table.meta(name));
  const read = { label: table.labels, predicted: table.predicted, suggested: table.suggested }[kind];
  return Float32Array.from((await read()) ?? []);
}

/** Numbers and truth values as float32; anything else as it is. */
function numeric(
  values: readonly (string | number | boolean | null)[],
): Float32Array | readonly (string | number | boolean | null)[] {
  if (values.some((value) => typeof value === 'string')) return values;
  return Float32Array.from(values, (value) => (value === null ? Number.NaN : Number(value)));
}
