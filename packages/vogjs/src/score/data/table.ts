import { hashStrings, VogError } from '@vogjs/base';
import type { ChunkSource } from '@vogjs/core';
import { bytesOf, DataHash } from '@vogjs/formats';
import { type EncodedTable, encodeTable, readCsv, readParquet, type Table, tableEncoder } from '@vogjs/formats/tables';
import { meantBy } from '../../command/meant.js';
import type { Dataset, OtherExamples } from './dataset.js';

/** Endings of tables. */
export const TABLES = ['.csv', '.tsv', '.parquet'];

/** Columns of text are no groups, and would make the run as large as the table. */
const MOST_META = 40;

/**
 * A table with a target column: numbers are scaled, few categories become columns, many are embedded, texts become
 * words. The columns stay beside the scores.
 *
 * @throws VogError CONFIG_INVALID without a target; COLUMN_UNKNOWN; those of the readers
 */
export async function readTable(path: string, target: string | undefined): Promise<Dataset> {
  const table = await read(path);
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
  const { data, encoder } = encodeTable(table, { target, task: 'classification' });
  const { labels, classNames, size, ids, rows } = data;
  if (labels === null)
    throw new VogError('CONFIG_INVALID', `Column '${target}' of ${path} gives no classes. Choose another target.`);
  const parts = partsOf(data);
  if (parts.length === 0) {
    throw new VogError('CONFIG_INVALID', `${path} has no column beside '${target}' that tells examples apart.`);
  }
  const meta = table.columns.filter(({ type, name }) => type !== 'text' && name !== target).slice(0, MOST_META);
  return {
    kind: 'table',
    source: path,
    fingerprint: hashStrings([hashOf(parts), ...ids, ...Array.from(labels, String)]),
    size,
    ids,
    labels,
    classNames: classNames ?? undefined,
    inputs: sourceOf(parts, size),
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
    encoder,
    notes: table.notes.map(({ message }) => message),
  };
}

/**
 * A table with the columns of a data set, encoded as those were; its target is not read.
 *
 * @throws VogError INPUT_SHAPE for data that is no table; COLUMN_UNKNOWN, TABLE_INVALID, and those of the readers
 */
export async function readOtherTable(path: string, { encoder, source }: Dataset): Promise<OtherExamples> {
  if (encoder === undefined) {
    throw new VogError('INPUT_SHAPE', `${path} is a table, and ${source} is none. Give sets of its kind.`);
  }
  const table = await read(path);
  const data = tableEncoder({ ...encoder.toJSON(), target: null }).transform(table);
  const parts = partsOf(data);
  const { size, ids } = data;
  return {
    source: path,
    fingerprint: hashStrings([hashOf(parts), ...ids]),
    size,
    ids,
    inputs: sourceOf(parts, size),
    notes: table.notes.map(({ message }) => message),
  };
}

function read(path: string): Promise<Table> {
  return path.endsWith('.parquet') ? readParquet(path) : readCsv(path);
}

/** One input of the network. */
interface TablePart {
  readonly data: Float32Array | Int32Array;
  readonly width: number;
  /** Number of whole numbers; null for reals. */
  readonly levels: number | null;
}

function partsOf({ dense, categories, tokens }: EncodedTable): TablePart[] {
  return [
    ...((dense.shape[1] as number) > 0 ? [{ data: dense.data, width: dense.shape[1] as number, levels: null }] : []),
    ...categories.map((each) => ({ data: each.data, width: 1, levels: each.levels })),
    ...tokens.map((each) => ({ data: each.data, width: each.shape[1] as number, levels: each.vocabulary })),
  ];
}

function hashOf(parts: readonly TablePart[]): string {
  const hash = new DataHash();
  for (const part of parts) hash.update(bytesOf(part.data));
  return hash.digest();
}

function sourceOf(parts: readonly TablePart[], size: number): ChunkSource {
  const slice = ({ data, width }: TablePart, start: number, end: number): Float32Array =>
    Float32Array.from(data.subarray(start * width, end * width));
  return {
    size,
    shape: parts.length === 1 ? [parts[0]?.width as number] : parts.map(({ width }) => [width]),
    read: (start, end) => {
      const lists = parts.map((part) => slice(part, start, end));
      return lists.length === 1 ? (lists[0] as Float32Array) : lists;
    },
  };
}
