import { isWords, requireColumn, type Table } from '../tables/table.js';
import { otherType } from './other-type.js';
import type { EmbeddedPart, OneHotPart, Part, ScaledPart, TokensPart } from './parts.js';
import { indicesOf, tokensOf } from './tokens.js';

/** A category as indices, for an embedding. */
export interface EncodedCategories {
  readonly name: string;
  /** [examples]: 0 is missing or not seen before. */
  readonly data: Int32Array;
  /** Number of indices. */
  readonly levels: number;
}

/** A text as indices of words, for an embedding. */
export interface EncodedTokens {
  readonly name: string;
  readonly data: Int32Array;
  /** [examples, words]: 0 fills up, 1 is a word not seen before. */
  readonly shape: readonly [number, number];
  /** Number of indices. */
  readonly vocabulary: number;
}

/** What a network takes of a table. */
export interface EncodedInputs {
  /** Numbers scaled to mean 0 and deviation 1, dates and booleans too, marks of what is missing, one-hot categories. */
  readonly dense: { readonly data: Float32Array; readonly shape: readonly [number, number] };
  /** Name of each column of `dense`: `age`, `age is missing`, `colour=red`. */
  readonly denseNames: readonly string[];
  readonly categories: readonly EncodedCategories[];
  readonly tokens: readonly EncodedTokens[];
}

/** Makes inputs of some rows of a table. @throws VogError COLUMN_UNKNOWN, TABLE_INVALID for a column of another type */
export function transformInputs(table: Table, parts: readonly Part[], rows: Int32Array): EncodedInputs {
  const scaled = parts.filter((part): part is ScaledPart => part.kind === 'scaled');
  const hot = parts.filter((part): part is OneHotPart => part.kind === 'one-hot');
  const numbers = scaled.map((part) => ({ part, values: numbersOf(table, part) }));
  const words = hot.map((part) => ({ part, values: wordsOf(table, part) }));
  const denseNames = [
    ...scaled.flatMap(({ column, marksMissing }) => (marksMissing ? [column, `${column} is missing`] : [column])),
    ...hot.flatMap(({ column, levels }) => levels.map((level) => `${column}=${level}`)),
  ];
  const width = denseNames.length;
  const data = new Float32Array(rows.length * width);
  let at = 0;
  for (const { part, values } of numbers) {
    for (const [i, row] of rows.entries()) {
      const value = values[row] as number;
      data[i * width + at] = Number.isNaN(value) ? 0 : (value - part.mean) / part.deviation;
      if (part.marksMissing) data[i * width + at + 1] = Number.isNaN(value) ? 1 : 0;
    }
    at += part.marksMissing ? 2 : 1;
  }
  for (const { part, values } of words) {
    const places = placesOf(part.levels, 0);
    for (const [i, row] of rows.entries()) {
      const place = places.get(values[row] as string);
      if (place !== undefined) data[i * width + at + place] = 1;
    }
    at += part.levels.length;
  }
  const embedded = parts.filter((part): part is EmbeddedPart => part.kind === 'embedded');
  const texts = parts.filter((part): part is TokensPart => part.kind === 'tokens');
  return {
    dense: { data, shape: [rows.length, width] },
    denseNames,
    categories: embedded.map((part) => {
      const values = wordsOf(table, part);
      const places = placesOf(part.levels, 1);
      const indices = Int32Array.from(rows, (row) => places.get(values[row] as string) ?? 0);
      return { name: part.column, data: indices, levels: part.levels.length + 1 };
    }),
    tokens: texts.map((part) => {
      const values = wordsOf(table, part);
      const chosen = Array.from(rows, (row) => values[row] ?? null);
      const tokens = tokensOf(chosen, part.vocabulary, part.length);
      return {
        name: part.column,
        data: tokens,
        shape: [rows.length, part.length],
        vocabulary: indicesOf(part.vocabulary),
      };
    }),
  };
}

function placesOf(levels: readonly string[], first: number): Map<string, number> {
  return new Map(levels.map((level, i) => [level, i + first]));
}

function numbersOf(table: Table, { column: name, type }: ScaledPart): Float64Array {
  const column = requireColumn('transform', table.columns, name);
  if (!isWords(column) && column.type === type) return column.values;
  // A column without a single value has no type of its own.
  if (column.missing === table.size) return new Float64Array(table.size).fill(Number.NaN);
  throw otherType(column, type);
}

function wordsOf(table: Table, part: OneHotPart | EmbeddedPart | TokensPart): readonly (string | null)[] {
  const column = requireColumn('transform', table.columns, part.column);
  if (isWords(column)) return column.values;
  if (column.missing === table.size) return Array.from({ length: table.size }, () => null);
  throw otherType(column, part.kind === 'tokens' ? 'text' : 'category');
}
