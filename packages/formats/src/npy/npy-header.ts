// The header of an NPY file is a Python dictionary literal; the forms that NumPy writes are read, in one pass.
// Source: NEP 1 and numpy.lib.format.
import { shown, VogError } from '@vogjs/base';

/** What the header says, as it says it. */
export interface NpyHeader {
  /** Type of the elements, such as `<f4`; the text of a list for records. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: number[];
}

/**
 * Parses the text of a header; `offset` is where it starts in the file, for messages.
 *
 * No pattern below can match a text in two ways, so that the time is linear in the text's length.
 *
 * @throws VogError FORMAT_INVALID
 */
export function parseNpyHeader(text: string, offset: number): NpyHeader {
  const invalid = (reason: string): VogError =>
    new VogError(
      'FORMAT_INVALID',
      `The NPY header at byte ${offset} ${reason}: ${shown(text.slice(0, 200).trim(), 120)}. ` +
        "Expected {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }. Save the array again.",
    );
  const wrongKeys = (): VogError => invalid(`has the keys ${shown([...entries.keys()].join(', ') || '(none)')}`);
  const scan = scanner(text);
  const entries = new Map<string, string>();
  if (!scan.word('{')) throw invalid('is not a dictionary');
  while (!scan.word('}')) {
    const key = scan.quoted();
    if (key === null || !scan.word(':')) throw invalid('cannot be parsed');
    if (entries.has(key)) throw invalid(`names ${shown(key)} twice`);
    const value = scan.value();
    if (value === null) throw invalid('cannot be parsed');
    entries.set(key, value);
    if (entries.size > 3) throw wrongKeys();
    if (!scan.word(',') && !scan.isAt('}')) throw invalid('cannot be parsed');
  }
  if (!scan.atEnd()) throw invalid('is not a dictionary');
  const descr = entries.get('descr');
  const order = entries.get('fortran_order');
  const shape = entries.get('shape');
  if (descr === undefined || order === undefined || shape === undefined || entries.size !== 3) {
    throw wrongKeys();
  }
  if (order !== 'True' && order !== 'False') throw invalid(`has fortran_order ${shown(order)}`);
  const dimensions = parseShape(shape);
  if (dimensions === null) throw invalid(`has the shape ${shown(shape)}`);
  return { descr: unquoted(descr), fortranOrder: order === 'True', shape: dimensions };
}

/** The dimensions of `(2, 3)`; null for what is no tuple of whole numbers. */
function parseShape(text: string): number[] | null {
  if (!text.startsWith('(')) return null;
  const items = text
    .slice(1, -1)
    .split(',')
    .map((item) => item.trim());
  // A comma may follow the last dimension; of a single one it must: (3) is a number, not a tuple.
  if (items.at(-1) === '') items.pop();
  else if (items.length === 1) return null;
  // Python 2 wrote dimensions as 3L.
  return items.every((item) => /^\d+L?$/.test(item)) ? items.map((item) => Number(item.replace('L', ''))) : null;
}

function unquoted(text: string): string {
  return text.startsWith("'") || text.startsWith('"') ? text.slice(1, -1) : text;
}

interface Scanner {
  /** Whether the next thing is this character. */
  isAt(character: string): boolean;
  /** The same, and steps over it. */
  word(character: string): boolean;
  /** A name in quotes. */
  quoted(): string | null;
  /** A value as it is written: a string, True, False, a tuple, or a list to the bracket that ends it. */
  value(): string | null;
  atEnd(): boolean;
}

function scanner(text: string): Scanner {
  let at = 0;
  const skipSpace = (): void => {
    while (at < text.length && text.charAt(at).trim() === '') at++;
  };
  const isAt = (character: string): boolean => {
    skipSpace();
    return text[at] === character;
  };
  /** Takes up to and with the character at `end`; nothing where there is none. */
  const through = (end: number): string | null => {
    if (end < 0) return null;
    const found = text.slice(at, end + 1);
    at = end + 1;
    return found;
  };
  const string = (): string | null => {
    const quote = isAt("'") ? "'" : '"';
    return isAt(quote) ? through(text.indexOf(quote, at + 1)) : null;
  };
  return {
    isAt,
    word: (character) => isAt(character) && ++at > 0,
    quoted: () => string()?.slice(1, -1) ?? null,
    value() {
      for (const name of ['True', 'False']) {
        if (isAt(name.charAt(0)) && text.startsWith(name, at)) return through(at + name.length - 1);
      }
      if (isAt('(')) return through(text.indexOf(')', at));
      return isAt('[') ? through(endOfList(text, at)) : string();
    },
    atEnd() {
      skipSpace();
      return at === text.length;
    },
  };
}

/** Index of the bracket that closes the one at `start`; -1 where none does. Brackets in strings do not count. */
function endOfList(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === "'" || character === '"') {
      const end = text.indexOf(character, at + 1);
      if (end < 0) return -1;
      at = end;
    } else if (character === '[') depth++;
    else if (character === ']' && --depth === 0) return at;
  }
  return -1;
}
