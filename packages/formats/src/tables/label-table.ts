import { arrayLike, shown, VogError } from '@vogjs/base';
import { declareOptions, fits, type InputOf, text } from '@vogjs/base/options';
import { firstFew, type ReadingNote } from '../notes/notes.js';
import { bytesOfFile, type FileOrBytes } from './file-bytes.js';
import { parseRecords } from './records.js';
import { textOf } from './text-of.js';

const options = declareOptions('readLabelTable', {
  id: text().default('id').about('Column of the ids.'),
  label: text().default('label').about('Column of the labels.'),
  ids: fits<readonly string[]>('an array of ids', arrayLike.holds)
    .optional('the table is not matched to anything')
    .about('Ids of the examples that labels are wanted for.'),
  delimiter: text().optional('found from the text').about('What stands between fields.'),
  encoding: text().optional('UTF-8 or UTF-16, by the bytes').about('Encoding of the text, as TextDecoder names it.'),
});

/** How a table of labels is read. */
export type LabelTableOptions = InputOf<typeof options.entries>;

/** Labels by id, and how they match the examples that were asked about. */
export interface LabelTable {
  readonly ids: readonly string[];
  readonly labels: readonly string[];
  /** For each of the given ids its label; null where the table has none. Empty when no ids were given. */
  readonly matched: readonly (string | null)[];
  /** Given ids that have no label. */
  readonly unlabelled: readonly string[];
  /** Ids in the table that no given id is. */
  readonly unmatched: readonly string[];
  readonly notes: readonly ReadingNote[];
}

/**
 * Reads a table of labels: CSV with the header `id,label` (any delimiter, other columns allowed), or JSON lines
 * `{"id": …, "label": …}`. Rows whose label is empty count as unlabelled.
 *
 * Ids match in any Unicode normalisation; a leading `./` and backslashes are read as the path they mean.
 *
 * @throws VogError COLUMN_UNKNOWN, TABLE_INVALID (damaged, no rows), IDS_DUPLICATE (two rows for one id),
 * LABELS_UNMATCHED (not one id of the table is among the given), FORMAT_INVALID (no text), FILE_FAILED
 */
export async function readLabelTable(file: FileOrBytes, given: LabelTableOptions = {}): Promise<LabelTable> {
  const { id, label, ids: wanted, delimiter, encoding } = options.resolve(given);
  const { bytes, name } = await bytesOfFile('readLabelTable', file);
  const { names, rows, delimiter: used } = await parseRecords(textOf(bytes, encoding, name), name, { delimiter });
  const columnOf = (column: string, option: string): number => {
    const at = names.indexOf(column);
    if (at !== -1) return at;
    throw new VogError(
      'COLUMN_UNKNOWN',
      `${name} has no column ${shown(column)}; it has ${firstFew(names, 20)}. Name the columns id and label, or give ${option}.`,
    );
  };
  const idColumn = columnOf(id, 'id');
  const labelColumn = columnOf(label, 'label');
  if (rows.length === 0)
    throw new VogError('TABLE_INVALID', `${name} has a header and no rows. Expected a label a row.`);
  // JSON lines have no header in front of them.
  const first = used === null ? 1 : 2;
  const byId = new Map<string, { label: string; row: number; id: string }>();
  for (const [i, row] of rows.entries()) {
    const written = row[idColumn] ?? '';
    const key = keyOf(written);
    const earlier = byId.get(key);
    if (earlier !== undefined) {
      throw new VogError(
        'IDS_DUPLICATE',
        `${name}: rows ${earlier.row} and ${i + first} have the same id, ${shown(written)}. Expected one label an id: remove one row.`,
      );
    }
    const value = (row[labelColumn] ?? '').trim();
    byId.set(key, { label: value, row: i + first, id: written });
  }
  const labelled = [...byId].filter(([, entry]) => entry.label !== '');
  const table = { ids: labelled.map(([, entry]) => entry.id), labels: labelled.map(([, entry]) => entry.label) };
  if (wanted === undefined) return { ...table, matched: [], unlabelled: [], unmatched: [], notes: [] };
  return { ...table, ...match(name, new Map(labelled), Array.from(wanted, String)) };
}

/** How an id of a table is compared with the path of a file. */
function keyOf(id: string): string {
  return id.trim().normalize('NFC').replaceAll('\\', '/').replace(/^\.\//, '');
}

function match(
  name: string,
  labelled: ReadonlyMap<string, { readonly label: string; readonly id: string }>,
  wanted: readonly string[],
): Pick<LabelTable, 'matched' | 'unlabelled' | 'unmatched' | 'notes'> {
  const keys = wanted.map(keyOf);
  const matched = keys.map((key) => labelled.get(key)?.label ?? null);
  const unlabelled = wanted.filter((_, i) => matched[i] === null);
  const asked = new Set(keys);
  const unmatched = [...labelled].filter(([key]) => !asked.has(key)).map(([, entry]) => entry.id);
  if (wanted.length > 0 && unlabelled.length === wanted.length) {
    throw new VogError(
      'LABELS_UNMATCHED',
      `${name} has no label for any of the ${wanted.length} examples. Its ids are like ${firstFew(unmatched, 3)}; expected ids like ${firstFew(wanted, 3)}.`,
    );
  }
  const notes: ReadingNote[] = [];
  if (unlabelled.length > 0) {
    notes.push({
      code: 'FILES_UNLABELLED',
      message: `Examples without a label in ${name} are left out, ${unlabelled.length} of ${wanted.length}: ${firstFew(unlabelled)}.`,
    });
  }
  if (unmatched.length > 0) {
    notes.push({
      code: 'LABELS_UNMATCHED',
      message: `Ids in ${name} that no example has are not used: ${firstFew(unmatched)}.`,
    });
  }
  return { matched, unlabelled, unmatched, notes };
}
