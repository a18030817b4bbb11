import { type ShapedArray, VogError } from '@vogjs/base';
import { requireArray, requireShaped } from '@vogjs/statistics';

/** Refuses labels that are no class indices, and fewer than one. */
export function requireLabels(where: string, labels: ArrayLike<number>): void {
  requireArray('The labels', labels);
  if (labels.length === 0) throw new VogError('SAMPLE_TOO_SMALL', `${where}: there is no example. Give at least one.`);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (Number.isInteger(label) && label >= 0) continue;
    throw new VogError(
      'LABEL_INVALID',
      `${where}: label ${String(label)} of example ${i} is not a class index; they are whole numbers counted from 0.`,
    );
  }
}

/** Refuses an array that has not one row per example; NaN in it is for the caller to judge. */
export function requireRows(where: string, name: string, array: ShapedArray, size: number): readonly [number, number] {
  requireShaped(`${where}: ${name}`, array);
  const { data, shape } = array;
  const [rows = 0, width = 0] = shape;
  if (shape.length === 2 && rows === size && width > 0 && data.length === rows * width) return [rows, width];
  throw new VogError(
    'INPUT_SHAPE',
    `${where}: ${name} has shape [${shape.join(', ')}] and ${data.length} values; expected [${size}, columns], a row per example.`,
  );
}

/** Refuses a list that has not one entry per example. */
export function requireEntries(where: string, name: string, list: ArrayLike<unknown>, size: number): void {
  requireArray(`${where}: ${name}`, list);
  if (list.length === size) return;
  throw new VogError(
    'PROBE_MISMATCH',
    `${where}: ${name} has ${list.length} entries for ${size} examples; give one per example, in the same order.`,
  );
}
