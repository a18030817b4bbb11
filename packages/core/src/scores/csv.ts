import { decimalText } from '@vogjs/base';
import { declareOptions, flag, type InputOf } from '@vogjs/base/options';
import { columnsOf } from './files.js';
import type { RankedScores } from './facts.js';

const declared = declareOptions('toCsv', {
  excel: flag()
    .default(false)
    .about('For spreadsheets: a byte order mark, and text that a spreadsheet would compute made text.'),
});

/** Options of `toCsv`. */
export type CsvOptions = InputOf<typeof declared.entries>;

/** What makes a spreadsheet take a cell for a formula, in its wide forms too, or step out of the cell. */
const startsFormula = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Text that is a number and nothing more: -5 as an id. */
const isNumber = /^[+-]?\d+(?:\.\d+)?$/;

/** What tells a spreadsheet that a file is UTF-8. */
const byteOrderMark = '\uFEFF';

/**
 * CSV by RFC 4180: comma, CRLF, a header row, quotes where a field needs them. Numbers are the shortest decimals that
 * read back to the same float32.
 */
export function encodeCsv(scores: RankedScores, options: CsvOptions = {}): string {
  const { excel } = declared.resolve(options);
  const guard = (text: string): string =>
    excel && startsFormula.test(text) && !isNumber.test(text) ? `'${text}` : text;
  // Of numbers only text is guarded: -0.5 is no formula.
  const columns = columnsOf(scores).map(({ name, type, data }) => {
    const texts = textsOf(data);
    return [guard(name), ...(type === 'STRING' ? texts.map(guard) : texts)];
  });
  const rows = Array.from({ length: scores.values.length + 1 }, (_, row) =>
    columns.map((column) => quote(column[row]!)).join(','),
  );
  return `${excel ? byteOrderMark : ''}${rows.join('\r\n')}\r\n`;
}

function textsOf(data: ArrayLike<unknown>): string[] {
  if (data instanceof Float32Array) return Array.from(data, decimalText);
  return Array.from(data, (value) => (value === null ? '' : String(value)));
}

function quote(field: string): string {
  return /[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
