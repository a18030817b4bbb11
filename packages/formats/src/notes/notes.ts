/** What is worth knowing of something that was read, and is no reason to stop. */
export type ReadingNoteCode =
  | 'CLASSES_TOO_FEW' // fewer than two classes
  | 'CLASS_SINGLE' // classes with one example
  | 'COLUMN_CONSTANT' // columns that hold one value
  | 'COLUMN_EMPTY' // columns that hold nothing
  | 'COLUMN_IDENTIFIER' // columns whose every value is another
  | 'COLUMN_MIXED' // columns of numbers and a few words
  | 'COLUMN_NESTED' // columns of lists, records or bytes
  | 'DECIMAL_COMMA' // numbers with a decimal comma
  | 'EXAMPLES_FEW' // fewer than ten examples
  | 'FILES_OTHER' // files that are not pictures
  | 'FILES_UNLABELLED' // files that no label was found for
  | 'IMAGES_BROKEN' // pictures that cannot be decoded
  | 'LABELS_UNMATCHED' // labels whose file is not there
  | 'LINKS_SKIPPED' // links that were not followed
  | 'ROWS_UNLABELLED'; // rows without a target

/** One note: a stable word for programs, and a sentence for people. */
export interface ReadingNote {
  readonly code: ReadingNoteCode;
  readonly message: string;
}

const SHOWN = 5;

/** The first few names of a list, and how many more there are. */
export function firstFew(names: readonly string[], shown = SHOWN): string {
  const more = names.length - shown;
  return names.slice(0, shown).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Notes on examples and their classes: too few of either. */
export function classNotes(
  size: number,
  labels: Int32Array | null,
  classNames: readonly string[] | null,
): ReadingNote[] {
  const notes: ReadingNote[] = [];
  if (size < 10) {
    notes.push({
      code: 'EXAMPLES_FEW',
      message: `The data has ${size === 1 ? 'one example' : `only ${size} examples`}: scores of so few say little. Add more.`,
    });
  }
  if (labels === null || classNames === null) return notes;
  const counts = new Int32Array(classNames.length);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  const present = classNames.filter((_, c) => (counts[c] as number) > 0);
  if (present.length < 2) {
    notes.push({
      code: 'CLASSES_TOO_FEW',
      message: `All examples have the same class, ${firstFew(present)}: there is nothing to tell apart. Add a second class.`,
    });
  }
  const single = classNames.filter((_, c) => counts[c] === 1);
  if (single.length > 0) {
    notes.push({
      code: 'CLASS_SINGLE',
      message: `Classes with a single example: ${firstFew(single)}. Nothing can be said about them: add examples, or leave the classes out.`,
    });
  }
  return notes;
}
