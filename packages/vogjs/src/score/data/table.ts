import { hashStrings, VogError } from '@vogjs/base';
import { bytesOf, DataHash } from '@vogjs/formats';
import { encodeTable, readCsv, readParquet } from '@vogjs/formats/tables';
import { meantBy } from '../../command/meant.js';
import type { Dataset } from './dataset.js';

/** Columns of text are no groups, and would make the run as large as the table. */
const MOST_META = 40;

/**
 * A table with a target column: numbers are scaled, few categories become columns, many are embedded, texts become
 * words. The columns stay beside the scores.
 *
 * @throws VogError CONFIG_INVALID without a target; COLUMN_UNKNOWN; those of the readers
 */
export async function readTable(path: string, target: string | undefined): Promise<Dataset> {
  const table = await (path.endsWith('.parquet') ? readParquet(path) : readCsv(path));
  const columns = table.columns.map(({ name }) => name);
  if (target === undefined) {
    throw new VogError(
      'CONFIG_INVALID',
      `Which column of ${path} is to be predicted? Give --target. Columns: ${columns.join(', ')}.`,
    );
  }
  if (!columns.includes(target)) {
    throw new VogError(
      'COLUMN_UNKNOWN',
      `${path} has no column '${target}'.${meantBy(target, columns)} Columns: ${columns.join(', ')}.`,
    );
  }
  const { data } = encodeTable(table, { target, task: 'classification' });
  const { labels, classNames, size, ids, rows, dense, categories, tokens } = data;
  if (labels === null)
    throw new VogError('CONFIG_INVALID', `Column '${target}' of ${path} gives no classes. Choose another target.`);
  const parts = [
    ...((dense.shape[1] as number) > 0 ? [{ data: dense.data, width: dense.shape[1] as number, levels: null }] : []),
    ...categories.map((each) => ({ data: each.data, width: 1, levels: each.levels })),
    ...tokens.map((each) => ({ data: each.data, width: each.shape[1] as number, levels: each.vocabulary })),
  ];
  if (parts.length === 0) {
    throw new VogError('CONFIG_INVALID', `${path} has no column beside '${target}' that tells examples apart.`);
  }
  const hash = new DataHash();
  for (const part of parts) hash.update(bytesOf(part.data));
  const meta = table.columns.filter(({ type, name }) => type !== 'text' && name !== target).slice(0, MOST_META);
  const slice = ({ data: all, width }: (typeof parts)[number], start: number, end: number): Float32Array =>
    Float32Array.from(all.subarray(start * width, end * width));
  return {
    kind: 'table',
    source: path,
    fingerprint: hashStrings([hash.digest(), ...ids, ...Array.from(labels, String)]),
    size,
    ids,
    labels,
    classNames: classNames ?? undefined,
    inputs: {
      size,
      shape: parts.length === 1 ? [parts[0]?.width as number] : parts.map(({ width }) => [width]),
      read: (start, end) => {
        const lists = parts.map((part) => slice(part, start, end));
        return lists.length === 1 ? (lists[0] as Float32Array) : lists;
      },
    },
    levels: parts.map(({ levels }) => levels),
    meta: Object.fromEntries(
      meta.map(({ name, values, type }) => [
        name,
        Array.from(rows, (row) => {
          const value = values[row] as number | string | null;
          if (typeof value === 'number' && Number.isNaN(value)) return null;
          return type === 'boolean' ? value === 1 : value;
        }),
      ]),
    ),
    notes: table.notes.map(({ message }) => message),
  };
}
