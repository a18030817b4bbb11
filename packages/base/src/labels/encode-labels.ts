import { VogError } from '../errors.js';
import { shown } from '../shown.js';

/** One label as people write it. */
export type LabelValue = number | bigint | boolean | string;

/** Labels as class indices, with the names of the classes where the labels tell them. */
export interface EncodedLabels {
  /** Class of each example, from 0. */
  readonly labels: Int32Array;
  /** By class: those given; else the words sorted, `false` and `true`, or `-1` and `+1`; null for whole numbers. */
  readonly classNames: readonly string[] | null;
}

/**
 * Labels of any usual kind as class indices. Whole numbers from 0 stay: also bigints, and strings of digits when no
 * names are given. -1 and +1 become 0 and 1, and so do false and true. Words become their place in `classNames`, or in
 * sorted order without it.
 *
 * @param where the function that takes them, as its caller knows it
 * @throws VogError LABEL_INVALID for a mixture of kinds, a word that is not among `classNames`, and a number that is no
 * class, with the first such example
 */
export function encodeLabels(
  labels: ArrayLike<LabelValue>,
  {
    classNames,
    where = 'encodeLabels',
  }: { readonly classNames?: readonly string[] | undefined; readonly where?: string } = {},
): EncodedLabels {
  if (typeof labels !== 'object' || labels === null || !Number.isInteger(labels.length)) {
    throw new VogError('LABEL_INVALID', `${where}: labels must be an array, one per example; got ${shown(labels)}.`);
  }
  const kind = kindOfLabels(labels, where);
  if (kind === 'string') return encodeWords(labels as ArrayLike<string>, classNames, where);
  if (kind === 'boolean') {
    return {
      labels: Int32Array.from(labels as ArrayLike<boolean>, Number),
      classNames: classNames ?? ['false', 'true'],
    };
  }
  const numbers = Float64Array.from({ length: labels.length }, (_, i) => Number(labels[i]));
  if (numbers.includes(-1) && numbers.every((value) => value === 1 || value === -1)) {
    return { labels: Int32Array.from(numbers, (sign) => (sign > 0 ? 1 : 0)), classNames: classNames ?? ['-1', '+1'] };
  }
  const most = classNames === undefined ? 0x7fffffff : classNames.length - 1;
  const wrong = numbers.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value <= most));
  if (wrong === -1) return { labels: Int32Array.from(numbers), classNames: classNames ?? null };
  const range = classNames === undefined ? 'a whole number of 0 or more' : `0 to ${most}, a place in classNames`;
  throw new VogError(
    'LABEL_INVALID',
    `${where}: label ${String(labels[wrong])} of example ${wrong} is not a class: expected ${range}. ` +
      'Leave out examples that have no label; -1 and +1 are read as two classes when there are no others.',
  );
}

/**
 * The one kind that all labels are of; numbers where there are none.
 *
 * @param perExample how many of them an example has
 * @throws VogError LABEL_INVALID for a mixture, and for what is not a label
 */
export function kindOfLabels(
  labels: ArrayLike<unknown>,
  where?: string,
  perExample = 1,
): 'number' | 'bigint' | 'boolean' | 'string' {
  if (labels.length === 0) return 'number';
  const first = typeof labels[0];
  const isLabel = /^(number|bigint|boolean|string)$/.test(first);
  if (ArrayBuffer.isView(labels) && isLabel) return first as 'number' | 'bigint';
  for (let i = 0; i < labels.length; i++) {
    const kind = typeof labels[i];
    if (isLabel && kind === first) continue;
    const why = isLabel ? ` among ${first}s, as label 0 is` : ', which is not a label';
    throw new VogError(
      'LABEL_INVALID',
      `${labelAt(where)} ${textOf(labels[i])} of example ${Math.floor(i / perExample)} is ${aKindOf(labels[i])}${why}. Give all as names, or all as whole numbers.`,
    );
  }
  return first as 'number' | 'bigint' | 'boolean' | 'string';
}

/**
 * Words by their place in `classNames`; without those whole numbers as they are, and others sorted.
 *
 * @throws VogError LABEL_INVALID for a word that is not among `classNames`
 */
export function encodeWords(
  words: ArrayLike<string>,
  classNames: readonly string[] | undefined,
  where?: string,
): EncodedLabels {
  const list = Array.from(words);
  if (classNames === undefined && list.every((word) => /^\d+$/.test(word) && Number(word) <= 0x7fffffff)) {
    return { labels: Int32Array.from(list, Number), classNames: null };
  }
  const names = classNames ?? [...new Set(list)].toSorted((a, b) => (a < b ? -1 : 1));
  const places = new Map(names.map((name, c) => [name, c]));
  const labels = Int32Array.from(list, (word, i) => {
    const place = places.get(word);
    if (place !== undefined) return place;
    throw new VogError(
      'LABEL_INVALID',
      `${labelAt(where)} '${word}' of example ${i} is not among classNames: ${names.slice(0, 20).join(', ')}. ` +
        "Add it there, in the model's order, or correct the label.",
    );
  });
  return { labels, classNames: names };
}

function labelAt(where: string | undefined): string {
  return where === undefined ? 'Label' : `${where}: label`;
}

/** A label as its owner wrote it; an object as messages have it. */
function textOf(value: unknown): string {
  return typeof value === 'object' ? shown(value) : String(value);
}

function aKindOf(value: unknown): string {
  if (value === undefined || value === null) return 'missing';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
