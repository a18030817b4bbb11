import { shown, VogError } from '@vogjs/base';
import { firstFew, type ReadingNote } from '../notes/notes.js';

/** What the values of a column are. */
export type ColumnType = 'number' | 'date' | 'boolean' | 'category' | 'text';

/** A column of numbers: dates are milliseconds since 1970 in UTC, booleans 0 and 1, and what is missing NaN. */
export interface NumberColumn {
  readonly name: string;
  readonly type: 'number' | 'date' | 'boolean';
  readonly values: Float64Array;
  /** Number of values that are missing. */
  readonly missing: number;
}

/** A column of words: `category` where they repeat, `text` where they are sentences. What is missing is null. */
export interface TextColumn {
  readonly name: string;
  readonly type: 'category' | 'text';
  readonly values: readonly (string | null)[];
  readonly missing: number;
}

export type Column = NumberColumn | TextColumn;

/** Whether a column holds words. */
export function isWords(column: Column): column is TextColumn {
  return column.type === 'category' || column.type === 'text';
}

/** Columns of one length, by name. */
export interface Table {
  readonly size: number;
  /** One id a row: those of a column, else the row's number among the rows, from 0. */
  readonly ids: readonly string[];
  readonly columns: readonly Column[];
  /** @throws VogError COLUMN_UNKNOWN */
  column(name: string): Column;
  readonly notes: readonly ReadingNote[];
}

/** A table of columns that were checked. */
export function tableOf(where: string, { size, ids, columns, notes }: Omit<Table, 'column'>): Table {
  return { size, ids, columns, notes, column: (name) => requireColumn(where, columns, name) };
}

/** @throws VogError COLUMN_UNKNOWN */
export function requireColumn<C extends { readonly name: string }>(
  where: string,
  columns: readonly C[],
  name: string,
): C {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  throw new VogError(
    'COLUMN_UNKNOWN',
    `${where}: there is no column ${shown(name)}; there are ${firstFew(
      columns.map((column) => column.name),
      20,
    )}.`,
  );
}

/** Ids of a column's cells. @throws VogError IDS_DUPLICATE, TABLE_INVALID for a row without one */
export function idsOfCells(where: string, name: string, cells: readonly (string | null)[]): string[] {
  const seen = new Map<string, number>();
  return cells.map((cell, row) => {
    if (cell === null || cell === '') {
      throw new VogError(
        'TABLE_INVALID',
        `${where}: row ${row} has no id in ${shown(name)}. Give each row one, or leave id out.`,
      );
    }
    const first = seen.get(cell);
    if (first !== undefined) {
      throw new VogError(
        'IDS_DUPLICATE',
        `${where}: rows ${first} and ${row} share the id ${shown(cell)} in ${shown(name)}. Give each row an id of its own.`,
      );
    }
    seen.set(cell, row);
    return cell;
  });
}
