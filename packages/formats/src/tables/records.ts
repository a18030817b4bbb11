// Rows of text, from CSV with any delimiter, or JSON a line.
import { excerpt, isRecord, parseJson, shown, VogError } from '@vogjs/base';

/** A header and its rows, all text; null is a value that JSON has not, or has as null. */
export interface Records {
  readonly names: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** The delimiter of CSV; null for JSON. */
  readonly delimiter: string | null;
}

const DELIMITERS = [',', ';', '\t', '|'];
/** Longer fields are a quotation mark that was never closed. */
const LONGEST_FIELD = 2 ** 20;

/** Parses CSV by RFC 4180, or JSON lines where the text begins with a brace. @throws VogError TABLE_INVALID */
export async function parseRecords(
  text: string,
  name: string,
  { delimiter, hasHeader = true }: { readonly delimiter?: string | undefined; readonly hasHeader?: boolean } = {},
): Promise<Records> {
  if (text.trim() === '') throw new VogError('TABLE_INVALID', `${name} is empty. Expected a header and rows.`);
  return /^\s*\{/.test(text) && delimiter === undefined
    ? ofJsonLines(text, name)
    : ofCsv(text, name, delimiter, hasHeader);
}

async function ofCsv(text: string, name: string, asked: string | undefined, hasHeader: boolean): Promise<Records> {
  const { default: Papa } = await import('papaparse');
  const invalid = (what: string): VogError => new VogError('TABLE_INVALID', `${name}: ${what}`);
  // What spreadsheets write first to say how they delimit.
  const told = /^sep=(.)\r?\n/i.exec(text);
  const body = told === null ? text : text.slice(told[0].length);
  const delimiter = asked ?? told?.[1];
  const { data, errors, meta } = Papa.parse<string[]>(body, {
    delimiter: delimiter ?? '',
    delimitersToGuess: DELIMITERS,
    skipEmptyLines: 'greedy',
  });
  const quote = errors.find(({ type }) => type === 'Quotes');
  if (quote !== undefined) {
    throw invalid(
      `row ${(quote.row ?? 0) + 1} has a quotation mark that is not closed, or text after one that is. Double the marks inside a field, and close the field.`,
    );
  }
  const header = hasHeader ? data[0] : data[0]?.map((_, i) => `column ${i + 1}`);
  const rows = hasHeader ? data.slice(1) : data;
  if (header === undefined) throw invalid('it has no header. Expected a first line with the names of the columns.');
  const used = meta.delimiter;
  const names = header.map((each) => each.trim());
  if (hasHeader) checkHeader(names, invalid);
  checkNames(names, used, asked, invalid);
  const first = hasHeader ? 2 : 1;
  for (const [i, row] of rows.entries()) {
    if (row.length !== names.length) {
      throw invalid(
        `row ${i + first} has ${row.length} fields; the header has ${names.length}. Put fields that hold ${shown(used)} into quotation marks, or give the right delimiter.`,
      );
    }
    const long = row.findIndex((field) => field.length > LONGEST_FIELD);
    if (long !== -1) {
      throw invalid(
        `row ${i + first} has a field of ${row[long]?.length} characters in ${shown(names[long])}; at most ${LONGEST_FIELD} are read. A quotation mark is probably not closed.`,
      );
    }
  }
  return { names, rows, delimiter: used };
}

/** A header of numbers is a row of values. */
function checkHeader(names: readonly string[], invalid: (what: string) => VogError): void {
  const numbers = names.filter((each) => /^[+-]?\d*[.,]?\d+(e[+-]?\d+)?$/i.test(each));
  if (numbers.length <= names.length / 2) return;
  throw invalid(
    `its first line has numbers, such as ${shown(numbers[0])}, where the names of columns should be. Add a header, or give header: false.`,
  );
}

function checkNames(
  names: readonly string[],
  used: string,
  asked: string | undefined,
  invalid: (what: string) => VogError,
): void {
  const other = DELIMITERS.find((each) => each !== used && names.length === 1 && (names[0] as string).includes(each));
  if (other !== undefined) {
    throw invalid(
      `with the delimiter ${shown(asked ?? used)} it has one column, ${shown(names[0])}. Its delimiter is probably ${shown(other)}: give that one.`,
    );
  }
  for (const [i, each] of names.entries()) {
    if (each === '' && names.length > 1) {
      // Row numbers, as pandas writes them.
      if (i === 0) continue;
      throw invalid(`column ${i + 1} has no name. Name it in the header, or remove it.`);
    }
    if (names.indexOf(each) !== i) throw invalid(`two columns are named ${shown(each)}. Give each a name of its own.`);
  }
}

function ofJsonLines(text: string, name: string): Records {
  const places = new Map<string, number>();
  const rows: (string | null)[][] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    let value: unknown;
    try {
      value = parseJson(line);
    } catch (error) {
      throw new VogError(
        'TABLE_INVALID',
        `${name}: line ${i + 1} is not JSON: ${excerpt(line, 60)}. Expected an object a line.`,
        {
          cause: error,
        },
      );
    }
    if (!isRecord(value)) {
      throw new VogError('TABLE_INVALID', `${name}: line ${i + 1} is ${shown(value)}. Expected an object a line.`);
    }
    const row: (string | null)[] = [];
    for (const [key, cell] of Object.entries(value)) {
      if (!places.has(key)) places.set(key, places.size);
      row[places.get(key) as number] =
        cell === null ? null : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
    }
    rows.push(row);
  }
  return {
    names: [...places.keys()],
    rows: rows.map((row) => Array.from(places.values(), (at) => row[at] ?? null)),
    delimiter: null,
  };
}
