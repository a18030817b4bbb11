import { excerpt, VogError } from '@vogjs/base';

/** Labels as classes. */
export interface Classes {
  readonly labels: Int32Array;
  readonly classNames: readonly string[] | undefined;
  readonly notes: readonly string[];
}

/**
 * Makes classes of labels that are texts: whole numbers below `outputs` are the classes themselves; other labels are
 * the names, in the order given or sorted as Keras, PyTorch and scikit-learn sort them.
 *
 * @param outputs number of classes of the model; null where it follows from the labels
 * @throws VogError LABEL_INVALID, CLASSES_UNFIT
 */
export function classesOf(texts: readonly string[], outputs: number | null, names?: readonly string[]): Classes {
  const distinct = [...new Set(texts)];
  if (names !== undefined) {
    if (outputs !== null && names.length !== outputs) {
      throw new VogError(
        'CLASSES_UNFIT',
        `classNames has ${names.length} names for ${outputs} outputs. Name each output.`,
      );
    }
    const indices = new Map(names.map((name, index) => [name, index]));
    const strange = distinct.filter((label) => !indices.has(label) && !isIndexBelow(label, names.length));
    if (strange.length > 0) {
      throw new VogError(
        'LABEL_INVALID',
        `Some labels are not among the class names: ${excerpt(strange.join(', '), 120)}. Add them, or correct the labels.`,
      );
    }
    return {
      labels: Int32Array.from(texts, (label) => indices.get(label) ?? Number(label)),
      classNames: names,
      notes: [],
    };
  }
  requireSeveral(distinct);
  const largest = distinct.reduce(
    (most, label) => Math.max(most, /^\d+$/.test(label) ? Number(label) : Number.POSITIVE_INFINITY),
    0,
  );
  if (largest < (outputs ?? Number.POSITIVE_INFINITY) && (outputs !== null || largest < 2 * distinct.length)) {
    return { labels: Int32Array.from(texts, Number), classNames: undefined, notes: [] };
  }
  const sorted = distinct.toSorted((a, b) => Number(a > b) - Number(a < b));
  if (outputs !== null && sorted.length !== outputs) {
    throw new VogError(
      'CLASSES_UNFIT',
      `There are ${sorted.length} distinct labels (${excerpt(sorted.join(', '), 80)}) and ${outputs} outputs. ` +
        'Which label is which output? Give --class-names in the order of the outputs.',
    );
  }
  const indices = new Map(sorted.map((name, index) => [name, index]));
  return {
    labels: Int32Array.from(texts, (label) => indices.get(label) as number),
    classNames: sorted,
    notes: outputs === null ? [] : [`Output 0 was taken for '${sorted[0]}', 1 for '${sorted[1]}': the labels, sorted.`],
  };
}

function isIndexBelow(label: string, count: number): boolean {
  return /^\d+$/.test(label) && Number(label) < count;
}

function requireSeveral(distinct: readonly string[]): void {
  if (distinct.length > 1) return;
  throw new VogError(
    'CLASSES_UNFIT',
    `Every example has the label '${distinct[0]}'. Give data of at least two classes.`,
  );
}
