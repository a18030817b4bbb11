import { encodeLabels, encodeWords, type LabelValue } from '@vogjs/base';

/** Class of each example, and the name of each class. */
export interface NamedClasses {
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
}

/**
 * Labels as classes with names: those given, else what the labels tell, else the whole numbers themselves.
 *
 * @throws VogError LABEL_INVALID
 */
export function namedClasses(
  where: string,
  given: readonly LabelValue[],
  names: readonly string[] | undefined,
): NamedClasses {
  const { labels, classNames } = encodeLabels(given, { where, classNames: names });
  if (classNames !== null) return { labels, classNames };
  const most = labels.reduce((max, label) => Math.max(max, label), 0);
  const words = given.map(String);
  const codes = sortedNames(words);
  // Whole numbers that skip most of their range are codes, not places.
  if (most >= 2 * codes.length + 10) return { labels: encodeWords(words, codes, where).labels, classNames: codes };
  return { labels, classNames: Array.from({ length: most + 1 }, (_, c) => String(c)) };
}

/** The names that occur: by value where both are whole numbers, so that class 10 comes after class 9. */
export function sortedNames(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted((a, b) => {
    if (/^\d+$/.test(a) && /^\d+$/.test(b) && Number(a) !== Number(b)) return Number(a) - Number(b);
    return a < b ? -1 : 1;
  });
}
