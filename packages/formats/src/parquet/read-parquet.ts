import { VogError } from '@vogjs/base';
import { declareOptions, type InputOf, listOf, text } from '@vogjs/base/options';
import { firstFew, type ReadingNote } from '../notes/notes.js';
import type { FileOrBytes } from '../tables/file-bytes.js';
import { wordsColumn } from '../tables/infer.js';
import { type Column, idsOfCells, requireColumn, type Table, tableOf } from '../tables/table.js';
import { openParquet } from './open-parquet.js';

const options = declareOptions('readParquet', {
  id: text().optional('rows are numbered from 0').about('Column of the ids.'),
  columns: listOf(text(), 1).optional('all').about('Columns that are read.'),
});

/** What `readParquet` takes. */
export type ParquetOptions = InputOf<typeof options.entries>;

/**
 * Reads a Parquet table: numbers, dates and times, booleans and texts; compressed in any usual way. Whole numbers above
 * 2^53 become categories. Columns of lists, records and bytes are left out, with a note.
 *
 * @param file a path (in Node), or the bytes of a file
 * @throws VogError FORMAT_INVALID, COLUMN_UNKNOWN, TABLE_INVALID (no rows), IDS_DUPLICATE, FILE_FAILED
 */
export async function readParquet(file: FileOrBytes, given: ParquetOptions = {}): Promise<Table> {
  const { id, columns: asked } = options.resolve(given);
  const parquet = await openParquet('readParquet', file);
  for (const name of [...(asked ?? []), ...(id === undefined ? [] : [id])]) {
    requireColumn(parquet.name, parquet.columns, name);
  }
  if (parquet.rows === 0)
    throw new VogError('TABLE_INVALID', `${parquet.name} has no rows. Expected a row an example.`);
  const wanted = asked === undefined || id === undefined || asked.includes(id) ? asked : [...asked, id];
  const nested: string[] = [];
  const columns: Column[] = [];
  let ids: readonly string[] | undefined;
  // Column by column, so that only one stands in memory as it was read.
  for (const name of wanted ?? parquet.columns.map((column) => column.name)) {
    const values = await parquet.read(name, 0, parquet.rows);
    if (name === id) {
      ids = idsOfCells('readParquet', name, texts(values));
      continue;
    }
    const column = columnOfValues(name, values);
    if (column === null) nested.push(name);
    else columns.push(column);
  }
  const notes: ReadingNote[] = [];
  if (nested.length > 0) {
    const message = `Columns of lists, records or bytes are left out: ${firstFew(nested)}. readImageParquet reads pictures.`;
    notes.push({ code: 'COLUMN_NESTED', message });
  }
  // Only now: how many rows there are is what the file claims, until a column has been read.
  ids ??= Array.from({ length: parquet.rows }, (_, row) => String(row));
  return tableOf('readParquet', { size: parquet.rows, ids, columns, notes });
}

function columnOfValues(name: string, values: readonly unknown[]): Column | null {
  const first = values.find((value) => value !== null);
  const missing = values.filter((value) => value === null).length;
  const numbers = (type: 'number' | 'date' | 'boolean', read: (value: unknown) => number): Column => ({
    name,
    type,
    values: Float64Array.from(values, (value) => (value === null ? Number.NaN : read(value))),
    missing,
  });
  if (typeof first === 'boolean' || typeof first === 'number') {
    return numbers(typeof first === 'boolean' ? 'boolean' : 'number', Number);
  }
  if (first instanceof Date) return numbers('date', (value) => (value as Date).getTime());
  if (typeof first === 'bigint') {
    const areExact = values.every((value) => value === null || Number.isSafeInteger(Number(value)));
    return areExact ? numbers('number', Number) : wordsColumn(name, texts(values));
  }
  return typeof first === 'string' || first === undefined ? wordsColumn(name, texts(values)) : null;
}

function texts(values: readonly unknown[]): (string | null)[] {
  return values.map((value) => (value === null ? null : String(value)));
}
