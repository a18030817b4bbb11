import { type ShapedArray, VogError } from '@vogjs/base';
import { requireRows } from '../shared/arguments.js';

/** Probabilities of which it is known what rows can be used. */
export interface ReadProbabilities {
  readonly array: ShapedArray;
  readonly classes: number;
  /** `[N]`: 1 where the row is a distribution; 0 where it holds NaN, as of an example that no fold left out. */
  readonly known: Uint8Array;
}

/** Refuses what is neither probabilities nor NaN: logits and per cent would pass for them otherwise. */
export function readRowsOfProbabilities(
  where: string,
  name: string,
  array: ShapedArray,
  labels: ArrayLike<number>,
): ReadProbabilities {
  const [size, classes] = requireRows(where, name, array, labels.length);
  if (classes < 2)
    throw new VogError('INPUT_SHAPE', `${where}: ${name} has one column; give one per class, two at least.`);
  const known = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    if (labels[i]! >= classes) {
      throw new VogError(
        'LABEL_INVALID',
        `${where}: label ${labels[i]} of example ${i} has no column in ${name}, which has ${classes}.`,
      );
    }
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const p = Number(array.data[i * classes + c]);
      if (p < -1e-6 || p > 1 + 1e-3) {
        throw new VogError(
          'INPUT_NOT_FINITE',
          `${where}: ${name} has ${p} for class ${c} of example ${i}, which is not a probability. Give probabilities, not logits.`,
        );
      }
      sum += p;
    }
    if (Number.isNaN(sum)) continue;
    if (Math.abs(sum - 1) > 0.01) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `${where}: ${name} of example ${i} sum to ${sum.toFixed(3)}; probabilities of all classes sum to 1.`,
      );
    }
    known[i] = 1;
  }
  return { array, classes, known };
}

/** The rows of some examples. */
export function rowsOf({ array, classes }: ReadProbabilities, examples: readonly number[]): ShapedArray {
  const data = new Float64Array(examples.length * classes);
  for (const [row, example] of examples.entries()) {
    for (let c = 0; c < classes; c++) {
      data[row * classes + c] = Math.min(1, Math.max(0, Number(array.data[example * classes + c])));
    }
  }
  return { data, shape: [examples.length, classes] };
}

/** The likeliest class of an example, and the likeliest other than its label; the first of equal ones. */
export function likeliest({ array, classes }: ReadProbabilities, example: number, except = -1): number {
  let best = except === 0 ? 1 : 0;
  for (let c = 0; c < classes; c++) {
    if (c !== except && Number(array.data[example * classes + c]) > Number(array.data[example * classes + best]))
      best = c;
  }
  return best;
}

/** The likeliest class of each example, `[N]`; -1 for rows of NaN. */
export function likeliestClasses({ data, shape }: ShapedArray): Int32Array {
  const [size = 0, classes = 0] = shape;
  return Int32Array.from({ length: size }, (_, i) => {
    let best = -1;
    for (let c = 0; c < classes; c++) {
      const p = Number(data[i * classes + c]);
      if (!Number.isNaN(p) && (best === -1 || p > Number(data[i * classes + best]))) best = c;
    }
    return best;
  });
}
