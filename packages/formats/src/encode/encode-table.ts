import { isRecord, VogError } from '@vogjs/base';
import { declareOptions, type InputOf, integer, listOf, oneOf, text } from '@vogjs/base/options';
import { classNotes, type ReadingNote } from '../notes/notes.js';
import { requireColumn, type Table } from '../tables/table.js';
import { fitParts } from './fit-parts.js';
import { isEncoderJson, type TableEncoderJson } from './parts.js';
import { applyTarget, fitTarget, namesOf } from './target.js';
import { type EncodedInputs, transformInputs } from './transform.js';

const options = declareOptions('encodeTable', {
  target: text().optional('nothing is to be learned').about('Column of the classes or of the values to learn.'),
  task: oneOf('auto', 'classification', 'regression').about('auto: words, booleans and few whole numbers are classes.'),
  exclude: listOf(text()).default([]).about('Columns that the network must not see.'),
  oneHot: integer(0)
    .default(16)
    .about('Categories with up to this many levels get one column per level; larger ones are embedded.'),
  vocabulary: integer(1).default(10_000).about('Words of a text that are known; the most frequent ones.'),
  tokens: integer(1).default(128).about('Words of a text that are read.'),
});

/** What `encodeTable` takes. */
export type EncodeOptions = InputOf<typeof options.entries>;

/** A table as a network takes it. */
export interface EncodedTable extends EncodedInputs {
  readonly size: number;
  /** Ids of the examples: the table's. */
  readonly ids: readonly string[];
  /** Row of the table of each example: a row without a target is no example. */
  readonly rows: Int32Array;
  /** Class of each example; null where there is no target, or one of values. */
  readonly labels: Int32Array | null;
  readonly classNames: readonly string[] | null;
  /** Values to learn, scaled to mean 0 and deviation 1; null where there are none. */
  readonly targets: Float32Array | null;
  readonly notes: readonly ReadingNote[];
}

/** What was learned of one table, to make the same of others. */
export interface TableEncoder {
  /**
   * The same columns of a table, in the same way. What was not seen before is unknown; rows without a target are left out.
   *
   * @throws VogError COLUMN_UNKNOWN, TABLE_INVALID (a column of another type), LABEL_INVALID (a class not seen before)
   */
  transform(table: Table): EncodedTable;
  /** Plain values, to be kept in a run. */
  toJSON(): TableEncoderJson;
}

/**
 * Makes numbers of a table: numbers, dates and booleans are scaled, and what is missing is marked; small categories are
 * one-hot, large ones indices for an embedding; texts are indices of their words. Columns that say nothing are left out.
 *
 * @throws VogError COLUMN_UNKNOWN, TARGET_INVALID (empty, constant, too many classes, words for a regression),
 * TABLE_INVALID (no column that says anything, an infinite value)
 */
export function encodeTable(
  table: Table,
  given: EncodeOptions = {},
): { readonly encoder: TableEncoder; readonly data: EncodedTable } {
  const { target: targetName, task, exclude, ...rules } = options.resolve(given);
  if (!isRecord(table) || !Array.isArray(table.columns)) {
    throw new VogError('ARGUMENT_INVALID', 'encodeTable: table must be a table, as readCsv and readParquet give it.');
  }
  for (const name of exclude) requireColumn('encodeTable', table.columns, name);
  const target =
    targetName === undefined ? null : fitTarget(requireColumn('encodeTable', table.columns, targetName), task);
  const seen = table.columns.filter(({ name }) => name !== targetName && !exclude.includes(name));
  const { parts, notes } = fitParts(seen, table.size, rules);
  if (parts.length === 0) {
    throw new VogError(
      'TABLE_INVALID',
      `encodeTable: no column but the target says anything. ${notes.map(({ message }) => message).join(' ')} Give a table with columns to learn from.`,
    );
  }
  const json: TableEncoderJson = { version: 1, parts, target };
  const encoder = encoderOf(json);
  const data = encoder.transform(table);
  return { encoder, data: { ...data, notes: [...notes, ...data.notes] } };
}

/** The encoder that was kept as JSON. @throws VogError FORMAT_INVALID */
export function tableEncoder(json: unknown): TableEncoder {
  if (isEncoderJson(json)) return encoderOf(json);
  throw new VogError(
    'FORMAT_INVALID',
    'tableEncoder: this is not an encoder of version 1, as encodeTable(…).encoder.toJSON() gives it. Encode the table again.',
  );
}

function encoderOf(json: TableEncoderJson): TableEncoder {
  const { parts, target } = json;
  return {
    toJSON: () => json,
    transform(table) {
      const column = target === null ? null : requireColumn('transform', table.columns, target.column);
      const names = column === null ? null : namesOf(column);
      const all = Int32Array.from({ length: table.size }, (_, row) => row);
      const rows = names === null ? all : all.filter((row) => names[row] !== null);
      const { labels, targets } =
        column === null || target === null ? { labels: null, targets: null } : applyTarget(column, target, rows);
      const classNames = target?.task === 'classification' ? target.classNames : null;
      const notes = classNotes(rows.length, labels, classNames);
      if (rows.length < table.size) {
        const message = `Rows without a target are left out: ${table.size - rows.length} of ${table.size}.`;
        notes.unshift({ code: 'ROWS_UNLABELLED', message });
      }
      return {
        size: rows.length,
        ids: Array.from(rows, (row) => table.ids[row] as string),
        rows,
        ...transformInputs(table, parts, rows),
        labels,
        classNames,
        targets,
        notes,
      };
    },
  };
}
