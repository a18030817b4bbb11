import { shown, VogError } from '@vogjs/base';
import { firstFew, type ReadingNote } from '../notes/notes.js';
import type { Column, ColumnType } from './table.js';
import { dateOf, numberOf, truthOf } from './values.js';

/** Above this share of numbers, a column of words was probably meant as numbers. */
const MOSTLY = 0.9;
/** Words a cell has on average in a column of text. */
const WORDS = 3;

/** A column of cells as a typed one. */
export function columnOf(
  name: string,
  cells: readonly (string | null)[],
  { type, decimal }: { readonly type: ColumnType | undefined; readonly decimal: '.' | ',' },
): { readonly column: Column; readonly notes: readonly ReadingNote[] } {
  const present = cells.filter((cell) => cell !== null);
  const missing = cells.length - present.length;
  const words = (as: 'category' | 'text'): Column => ({ name, type: as, values: cells, missing });
  if (type === 'category' || type === 'text') return { column: words(type), notes: [] };
  if (type !== undefined) return { column: asTold(name, cells, type, decimal, missing), notes: [] };
  if (present.length === 0) {
    return {
      column: words('category'),
      notes: [{ code: 'COLUMN_EMPTY', message: `Column ${shown(name)} holds nothing.` }],
    };
  }
  for (const kind of ['number', 'boolean', 'date'] as const) {
    const values = valuesOf(cells, readerOf(kind, decimal));
    if (values !== null) return { column: { name, type: kind, values, missing }, notes: [] };
  }
  return { column: wordsColumn(name, cells), notes: mixedNotes(name, cells, decimal) };
}

function readerOf(type: 'number' | 'boolean' | 'date', decimal: '.' | ','): (cell: string) => number | null {
  if (type === 'number') return (cell) => numberOf(cell, decimal);
  return type === 'date' ? dateOf : truthOf;
}

/** All cells read, NaN for the missing; null where one cannot be. */
function valuesOf(cells: readonly (string | null)[], read: (cell: string) => number | null): Float64Array | null {
  const values = new Float64Array(cells.length);
  for (const [i, cell] of cells.entries()) {
    const value = cell === null ? Number.NaN : read(cell);
    if (value === null) return null;
    values[i] = value;
  }
  return values;
}

function asTold(
  name: string,
  cells: readonly (string | null)[],
  type: 'number' | 'boolean' | 'date',
  decimal: '.' | ',',
  missing: number,
): Column {
  const zeroOrOne = (cell: string): number | null => (cell === '1' ? 1 : cell === '0' ? 0 : truthOf(cell));
  const read = type === 'boolean' ? zeroOrOne : readerOf(type, decimal);
  const values = valuesOf(cells, read);
  if (values !== null) return { name, type, values, missing };
  const row = cells.findIndex((cell) => cell !== null && read(cell) === null);
  throw new VogError(
    'TABLE_INVALID',
    `Column ${shown(name)} is told to be of type ${type}, but row ${row} has ${shown(cells[row])}. Correct it, or add it to missing: ['${cells[row]}'].`,
  );
}

/** A column of words, text where they look like it. */
export function wordsColumn(name: string, cells: readonly (string | null)[]): Column {
  const present = cells.filter((cell) => cell !== null);
  return {
    name,
    type: looksLikeText(present) ? 'text' : 'category',
    values: cells,
    missing: cells.length - present.length,
  };
}

function looksLikeText(present: readonly string[]): boolean {
  let words = 0;
  for (const cell of present) words += cell.split(/\s+/).length;
  // Long names of classes repeat; sentences do not.
  return words / present.length > WORDS && new Set(present).size > present.length / 2;
}

function mixedNotes(name: string, cells: readonly (string | null)[], decimal: '.' | ','): ReadingNote[] {
  const strange: string[] = [];
  let present = 0;
  for (const [row, cell] of cells.entries()) {
    if (cell === null) continue;
    present++;
    if (numberOf(cell, decimal) === null) strange.push(`${shown(cell)} in row ${row}`);
  }
  if (strange.length > (1 - MOSTLY) * present) return [];
  return [
    {
      code: 'COLUMN_MIXED',
      message: `Column ${shown(name)} holds numbers, and ${firstFew(strange, 3)}: it is read as categories. Add those to missing, or correct them.`,
    },
  ];
}
