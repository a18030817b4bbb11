import { decimalText, shortestDecimal } from '@vogjs/base';
import Papa from 'papaparse';
import { encodeColumns } from '../tables/parquet.js';
import { type ExportColumn, exportColumns } from './columns.js';
import type { ExportRows } from './rows.js';

/** RFC 4180 with a header, one row an example; floats are the shortest decimals that read back to the same float32. */
export function toCsv(rows: ExportRows): string {
  const columns = exportColumns(rows);
  const data = Array.from({ length: rows.size }, (_, i) => columns.map((column) => textOf(column, i)));
  return `${Papa.unparse({ fields: columns.map(({ name }) => name), data })}\r\n`;
}

/** One object of JSON a line, with the columns of the CSV; NaN and infinities, which JSON has not, are null. */
export function toJsonLines(rows: ExportRows): string {
  const columns = exportColumns(rows);
  const line = (i: number): string =>
    JSON.stringify(Object.fromEntries(columns.map((column) => [column.name, valueOf(column, i)])));
  return Array.from({ length: rows.size }, (_, i) => `${line(i)}\n`).join('');
}

/** The columns of the CSV as Parquet. */
export function toParquet(rows: ExportRows): Promise<Uint8Array> {
  const types = { text: 'STRING', integer: 'INT32', number: 'DOUBLE', flag: 'BOOLEAN' } as const;
  const columns = exportColumns(rows).map(({ name, kind, at }) => {
    const data = Array.from({ length: rows.size }, (_, i) => at(i));
    if (kind === 'float')
      return { name, data: Float32Array.from(data, (value) => (value as number | null) ?? Number.NaN) };
    const texts = kind === 'text' ? data.map((value) => (value === null ? null : String(value))) : data;
    return { name, type: types[kind], data: texts };
  });
  const described = rows.columns.map(({ name, hardDirection, window }) => ({ name, hardDirection, window }));
  return encodeColumns(columns, { columns: JSON.stringify(described) });
}

function textOf({ kind, at }: ExportColumn, i: number): string {
  const value = at(i);
  if (value === null) return '';
  return kind === 'float' ? decimalText(value as number) : String(value);
}

function valueOf({ kind, at }: ExportColumn, i: number): string | number | boolean | null {
  const value = at(i);
  if (kind !== 'float' || typeof value !== 'number') return value;
  return Number.isFinite(value) ? shortestDecimal(value) : null;
}
