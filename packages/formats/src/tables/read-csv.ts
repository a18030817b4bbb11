import { isRecord, VogError } from '@vogjs/base';
import { declareOptions, fits, flag, type InputOf, listOf, oneOf, text } from '@vogjs/base/options';
import type { ReadingNote } from '../notes/notes.js';
import { bytesOfFile, type FileOrBytes } from './file-bytes.js';
import { columnOf } from './infer.js';
import { parseRecords } from './records.js';
import { type ColumnType, idsOfCells, requireColumn, type Table, tableOf } from './table.js';
import { textOf } from './text-of.js';

/** What stands for nothing, as in pandas and R. */
const MISSING = ['', 'NA', 'N/A', 'n/a', '#N/A', 'NaN', 'nan', 'null', 'NULL', 'None', '-', '?'];
const TYPES: readonly unknown[] = ['number', 'date', 'boolean', 'category', 'text'];

const anything = fits<string>('a string', (value) => typeof value === 'string');

const options = declareOptions('readCsv', {
  delimiter: text().optional('found from the text').about('What stands between fields.'),
  encoding: text().optional('UTF-8 or UTF-16, by the bytes').about('Encoding of the text, as TextDecoder names it.'),
  header: flag().default(true).about('Whether the first line names the columns; else they are column 1, column 2, ….'),
  columns: fits<Readonly<Record<string, ColumnType>>>(
    'an object of types by column: number, date, boolean, category or text',
    (value) => isRecord(value) && Object.values(value).every((type) => TYPES.includes(type)),
  )
    .default({})
    .about('Types of columns, in the place of what their values tell.'),
  missing: listOf(anything).default(MISSING).about('Cells that hold nothing.'),
  id: text().optional('rows are numbered from 0').about('Column of the ids.'),
  decimal: oneOf('auto', '.', ',').about(
    'What stands before fractions. auto: a comma where fields are not parted by one and the numbers have it.',
  ),
});

/** What `readCsv` takes. */
export type CsvOptions = InputOf<typeof options.entries>;

/**
 * Reads a table of text: CSV with a header, any delimiter (RFC 4180), or JSON lines; UTF-8 or UTF-16.
 *
 * A column is numbers, dates (ISO 8601 or day.month.year), booleans (true, false, yes, no), text (sentences that do not
 * repeat) or categories. Digits that begin with 0 and whole numbers above 2^53 are categories: they name something.
 *
 * @param file a path (in Node), or the bytes of a file
 * @throws VogError TABLE_INVALID (empty, no rows, rows of another length, an open quotation mark, the wrong delimiter,
 * two columns of one name, a cell that is not of the told type), FORMAT_INVALID (no text of that encoding),
 * COLUMN_UNKNOWN, IDS_DUPLICATE, FILE_FAILED
 */
export async function readCsv(file: FileOrBytes, given: CsvOptions = {}): Promise<Table> {
  const { delimiter, encoding, header: hasHeader, columns: types, missing, id, decimal } = options.resolve(given);
  const { bytes, name } = await bytesOfFile('readCsv', file);
  const {
    names: header,
    rows,
    delimiter: used,
  } = await parseRecords(textOf(bytes, encoding, name), name, { delimiter, hasHeader });
  if (rows.length === 0)
    throw new VogError('TABLE_INVALID', `${name} has a header and no rows. Expected a row an example.`);
  const empty = new Set(missing);
  const raw = header.map((column, at) => ({
    name: column === '' ? 'column 1' : column,
    cells: rows.map((row) => {
      const cell = row[at]?.trim() ?? null;
      return cell === null || empty.has(cell) ? null : cell;
    }),
  }));
  for (const told of Object.keys(types)) requireColumn('readCsv', raw, told);
  const notes: ReadingNote[] = [];
  const mayHaveComma = decimal === ',' || (decimal === 'auto' && used !== ',' && used !== null);
  const typed = raw.map(({ name: column, cells }) => {
    const hasComma = mayHaveComma && (decimal === ',' || areCommaNumbers(cells));
    if (hasComma && decimal === 'auto') {
      notes.push({
        code: 'DECIMAL_COMMA',
        message: `Numbers of column '${column}' have a decimal comma: 1,5 is read as one and a half.`,
      });
    }
    const made = columnOf(column, cells, {
      type: Object.hasOwn(types, column) ? types[column] : undefined,
      decimal: hasComma ? ',' : '.',
    });
    notes.push(...made.notes);
    return made.column;
  });
  const ids =
    id === undefined
      ? rows.map((_, row) => String(row))
      : idsOfCells('readCsv', id, requireColumn('readCsv', raw, id).cells);
  const columns = typed.filter((column) => column.name !== id);
  return tableOf('readCsv', { size: rows.length, ids, columns, notes });
}

function areCommaNumbers(cells: readonly (string | null)[]): boolean {
  const present = cells.filter((cell) => cell !== null);
  return (
    present.some((cell) => cell.includes(',')) && present.every((cell) => /^[+-]?\d*(,\d+)?(e[+-]?\d+)?$/i.test(cell))
  );
}
