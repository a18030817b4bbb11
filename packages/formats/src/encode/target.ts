import { encodeLabels, shown, VogError } from '@vogjs/base';
import { firstFew } from '../notes/notes.js';
import { type Column, isWords } from '../tables/table.js';
import { otherType } from './other-type.js';
import type { TargetPart } from './parts.js';
import { momentsOf } from './moments.js';

/** Whole numbers of at most so many kinds are classes. */
const MOST_NUMBER_CLASSES = 20;
/** Of words, so many classes are no classes any more, unless told. */
const MOST_CLASSES = 1000;

/** What a cell of a target says, as a class's name; null where it is missing. */
export function namesOf(column: Column): (string | null)[] {
  if (isWords(column)) return [...column.values];
  const { type } = column;
  return Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return null;
    return type === 'boolean' ? String(value === 1) : String(value);
  });
}

/** Decides what is to be learned of a column. @throws VogError TARGET_INVALID */
export function fitTarget(column: Column, asked: 'auto' | 'classification' | 'regression'): TargetPart {
  const invalid = (what: string): VogError =>
    new VogError('TARGET_INVALID', `encodeTable: the target ${shown(column.name)} ${what}`);
  const names = namesOf(column).filter((name) => name !== null);
  if (names.length === 0) throw invalid('is empty. Take another column.');
  const distinct = [...new Set(names)];
  if (distinct.length < 2) {
    throw invalid(
      `is ${shown(distinct[0])} in every row: there is nothing to learn. Take another column, or add rows of a second class.`,
    );
  }
  const task = asked === 'auto' ? taskOf(column, distinct) : asked;
  if (task === 'regression') {
    if (isWords(column)) {
      throw invalid(
        `holds words, such as ${firstFew(distinct, 3)}: no regression can be learned from them. Leave task out.`,
      );
    }
    const { mean, deviation } = momentsOf(column);
    return { column: column.name, task, classNames: [], mean, deviation };
  }
  if (
    asked === 'auto' &&
    (distinct.length > MOST_CLASSES || (distinct.length > 20 && distinct.length > names.length / 2))
  ) {
    throw invalid(
      `has ${distinct.length} different values in ${names.length} rows, such as ${firstFew(distinct, 3)}: too many for classes. Take another column, or say task: 'classification' if they are classes.`,
    );
  }
  const sorted =
    column.type === 'number'
      ? distinct.toSorted((a, b) => Number(a) - Number(b))
      : distinct.toSorted((a, b) => (a < b ? -1 : 1));
  return { column: column.name, task, classNames: sorted, mean: 0, deviation: 1 };
}

function taskOf({ type }: Column, distinct: readonly string[]): 'classification' | 'regression' {
  if (type === 'date') return 'regression';
  if (type !== 'number') return 'classification';
  return distinct.length <= MOST_NUMBER_CLASSES && distinct.every((name) => Number.isInteger(Number(name)))
    ? 'classification'
    : 'regression';
}

/**
 * Targets of the rows that have one.
 *
 * @throws VogError LABEL_INVALID for a class that was not seen before, TABLE_INVALID for words where values were
 */
export function applyTarget(
  column: Column,
  target: TargetPart,
  rows: Int32Array,
): { readonly labels: Int32Array | null; readonly targets: Float32Array | null } {
  if (target.task === 'classification') {
    const names = namesOf(column);
    const given = Array.from(rows, (row) => names[row] as string);
    return { labels: encodeLabels(given, { where: 'transform', classNames: target.classNames }).labels, targets: null };
  }
  if (rows.length > 0 && isWords(column)) throw otherType(column, 'number');
  const values = column.values as Float64Array;
  return {
    labels: null,
    targets: Float32Array.from(rows, (row) => ((values[row] as number) - target.mean) / target.deviation),
  };
}
