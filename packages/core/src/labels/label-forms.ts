import { encodeWords, kindOfLabels, type LabelValue, VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';

export type { LabelValue } from '@vogjs/base';

/** Labels with the shape they stand for; the first axis counts examples. */
export interface ShapedLabels {
  readonly data: ArrayLike<LabelValue>;
  readonly shape: readonly number[];
}

/**
 * Labels, one entry or row per example:
 * - classes: integers from 0, booleans, or names (strings, in the order of `classNames`, else sorted); -1 and +1 are read
 *   as 0 and 1;
 * - rows `[size, classes]`: one-hot, or multi-hot for a multi-label model;
 * - real targets `[size]` or `[size, outputs]` for a regression;
 * as an array (also of bigints), a nested array, `{ data, shape }` or a tensor.
 */
export type ProbeLabels = ArrayLike<LabelValue> | ArrayLike<ArrayLike<LabelValue>> | ShapedLabels | tf.Tensor;

/** Labels as numbers, row-major, before anyone decided what they mean. */
export interface LabelNumbers {
  readonly data: Float64Array;
  readonly shape: readonly number[];
  /** Names of the classes that the numbers count, when labels were names. */
  readonly names: readonly string[] | null;
}

/** Reads labels of any accepted form as numbers; only a tensor needs waiting for. */
export function readNumbers(
  labels: ProbeLabels,
  classNames: readonly string[] | undefined,
): LabelNumbers | Promise<LabelNumbers> {
  if (typeof labels !== 'object' || labels === null || !('length' in labels || 'shape' in labels)) {
    throw new VogError(
      'LABEL_INVALID',
      `labels must be an array, a tensor or { data, shape }; got ${labels === null ? 'null' : typeof labels}. Leave them out when there are none.`,
    );
  }
  if (labels instanceof tf.Tensor) {
    const { shape, dtype } = labels;
    return labels.data().then((data) => {
      const values = data as unknown as ArrayLike<LabelValue>;
      return numbersOf(values, shape, classNames, dtype === 'bool');
    });
  }
  if ('shape' in labels && 'data' in labels) return numbersOf(labels.data, labels.shape, classNames);
  if ('shape' in labels) {
    throw new VogError('LABEL_INVALID', 'labels with a shape must be { data, shape }; there is no data.');
  }
  return fromNested(labels, classNames);
}

/** Flattens `[[1, 0], [0, 1]]`; leaves a flat array as it is. */
function fromNested(
  labels: ArrayLike<LabelValue> | ArrayLike<ArrayLike<LabelValue>>,
  classNames: readonly string[] | undefined,
): LabelNumbers {
  const { length } = labels;
  const first = labels[0];
  if (typeof first !== 'object' || first === null) {
    return numbersOf(labels as ArrayLike<LabelValue>, [length], classNames);
  }
  const rows = labels as ArrayLike<ArrayLike<LabelValue>>;
  const width = rowLength(rows, 0);
  const data: LabelValue[] = [];
  for (let i = 0; i < length; i++) {
    if (rowLength(rows, i) !== width) {
      throw new VogError(
        'INPUT_SHAPE',
        `Labels are rows of different lengths: row 0 has ${width} values and row ${i} has ${rowLength(rows, i)}. ` +
          'Give every example a row of the same length, one value per class or output.',
      );
    }
    const row = rows[i] as ArrayLike<LabelValue>;
    for (let c = 0; c < width; c++) data.push(row[c] as LabelValue);
  }
  return numbersOf(data, [length, width], classNames);
}

function rowLength(rows: ArrayLike<ArrayLike<LabelValue>>, i: number): number {
  const row = rows[i] as unknown;
  if (row instanceof tf.Tensor) {
    throw new VogError('LABEL_INVALID', 'labels is an array of tensors. Stack them into one: tf.stack(labels).');
  }
  if (typeof row === 'object' && row !== null && 'length' in row && typeof row.length === 'number') return row.length;
  throw new VogError(
    'LABEL_INVALID',
    `Labels mix rows and single values: row ${i} is ${row === null ? 'null' : typeof row}. Give one integer per example, or one row per example.`,
  );
}

function numbersOf(
  data: ArrayLike<LabelValue>,
  shape: readonly number[],
  classNames: readonly string[] | undefined,
  isBool = false,
): LabelNumbers {
  if (typeof data?.length !== 'number' || !Array.isArray(shape)) {
    throw new VogError('LABEL_INVALID', 'labels as { data, shape } need an array of values and an array of lengths.');
  }
  const size = shape[0] ?? 0;
  // true among whole numbers, or 1n among 1s, was put together by mistake.
  if (kindOfLabels(data, undefined, data.length / size) === 'string') {
    const { labels, classNames: names } = encodeWords(data as ArrayLike<string>, classNames);
    return { data: Float64Array.from(labels), shape, names };
  }
  // A bool tensor may hold any byte that is not 0 for true.
  const read = isBool ? (value: unknown) => (Number(value) === 0 ? 0 : 1) : numberOf;
  return {
    data: Float64Array.from({ length: data.length }, (_, i) => read(data[i], Math.floor((i * size) / data.length))),
    shape,
    names: null,
  };
}

function numberOf(value: unknown, i: number): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new VogError(
    'LABEL_INVALID',
    `Label ${String(value)} of example ${i} is not a finite number. Encode classes as 0, 1, 2, …; leave out examples that have no label.`,
  );
}
