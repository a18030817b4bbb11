import { VogError } from '@vogjs/base';
import { type LabelNumbers, type ProbeLabels, readNumbers } from './label-forms.js';

export type { LabelValue, ProbeLabels, ShapedLabels } from './label-forms.js';

/**
 * What the numbers of labels look like, before a model tells what they mean:
 * - one value per example: `classes` (integers from 0), `signs` (-1 and +1), `reals` (anything else);
 * - rows: `one-hot`, `multi-hot` (zeros and ones, and not all one-hot), `rows` (anything else).
 */
export type LabelLook = 'classes' | 'signs' | 'reals' | 'one-hot' | 'multi-hot' | 'rows';

/** Labels of a probe, read. What they mean is the task's to say: classes, units or real targets. */
export interface GivenLabels {
  readonly look: LabelLook;
  /** Values per example; 1 for `[size]` and `[size, 1]`. */
  readonly width: number;
  readonly size: number;
  readonly data: Float64Array;
  /** Names of the classes, when labels were names; `sorted` when nobody gave their order. */
  readonly names: { readonly list: readonly string[]; readonly order: 'given' | 'sorted' } | null;
}

/** Reads labels of any accepted form; only a tensor needs waiting for. */
export function readLabels(
  labels: ProbeLabels,
  size: number,
  classNames?: readonly string[],
): GivenLabels | Promise<GivenLabels> {
  const numbers = readNumbers(labels, classNames);
  const given = (read: LabelNumbers): GivenLabels => givenLabels(read, size, classNames !== undefined);
  return numbers instanceof Promise ? numbers.then(given) : given(numbers);
}

/**
 * One class per example: of integers, signs (-1 is class 0) and one-hot rows.
 *
 * @throws VogError LABEL_INVALID for anything else, with the first example that is not a class
 */
export function classesOf({ look, data, width, size }: GivenLabels): Int32Array {
  if (look === 'classes') return Int32Array.from(data);
  if (look === 'signs') return Int32Array.from(data, (sign) => (sign > 0 ? 1 : 0));
  if (look === 'reals') throw notAClass(data);
  return Int32Array.from({ length: size }, (_, i) => hotOf(data, i, width, size));
}

/** The classes, where labels look like classes; else null. */
export function classesIfAny(labels: GivenLabels): Int32Array | null {
  return ['classes', 'signs', 'one-hot'].includes(labels.look) ? classesOf(labels) : null;
}

/** Refuses labels that the model has no class for. */
export function checkLabelRange(labels: Int32Array, classes: number, source: string): void {
  const wrong = labels.findIndex((label) => label < 0 || label >= classes);
  if (wrong !== -1) {
    throw new VogError(
      'LABEL_INVALID',
      `Label ${labels[wrong]} of example ${wrong} is out of range: ${source} has ${classes} classes, 0 to ${classes - 1}.`,
    );
  }
}

function givenLabels({ data, shape, names }: LabelNumbers, size: number, isOrdered: boolean): GivenLabels {
  const [rows = 0, width = 1] = shape;
  if (shape.length === 0 || shape.length > 2 || rows !== size || data.length !== rows * width || width < 1) {
    throw new VogError(
      'INPUT_SHAPE',
      `Labels have shape [${shape.join(', ')}] and ${data.length} values; the probe has ${size} examples. ` +
        `Give [${size}] integers, [${size}, classes] one-hot or multi-hot rows, or [${size}, outputs] real targets.`,
    );
  }
  const list = names === null ? null : ({ list: names, order: isOrdered ? 'given' : 'sorted' } as const);
  return { look: width === 1 ? lookOfValues(data) : lookOfRows(data, rows, width), width, size, data, names: list };
}

function lookOfValues(data: Float64Array): LabelLook {
  if (data.every((value) => Number.isInteger(value) && value >= 0 && value <= 0x7fffffff)) return 'classes';
  return data.every((value) => value === 1 || value === -1) ? 'signs' : 'reals';
}

function lookOfRows(data: Float64Array, rows: number, width: number): LabelLook {
  if (!data.every((value) => value === 0 || value === 1)) return 'rows';
  for (let i = 0; i < rows; i++) {
    let hot = 0;
    for (let c = 0; c < width; c++) hot += data[i * width + c] as number;
    if (hot !== 1) return 'multi-hot';
  }
  return 'one-hot';
}

function notAClass(data: Float64Array): VogError {
  const i = data.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label <= 0x7fffffff));
  const hint =
    data[i] === -1
      ? 'If -1 marks examples without a label, leave them out. For two classes, -1 and +1 are read as 0 and 1.'
      : "Encode classes as 0, 1, 2, …. For real targets the model's task is a regression: task: 'regression'.";
  return new VogError('LABEL_INVALID', `Label ${data[i]} of example ${i} is not an integer of 0 or more. ${hint}`);
}

function hotOf(data: Float64Array, row: number, width: number, rows: number): number {
  let hot = -1;
  for (let c = 0; c < width; c++) {
    const value = data[row * width + c];
    if (value === 0) continue;
    if (value !== 1 || hot !== -1) {
      throw new VogError(
        'LABEL_INVALID',
        `Labels of shape [${rows}, ${width}] must be one-hot, one 1 and zeros; row ${row} is not (class ${c} holds ${value}). ` +
          'Pass integer labels for soft or smoothed targets; several ones in a row are for a multi-label model, with a sigmoid for each unit.',
      );
    }
    hot = c;
  }
  if (hot === -1) {
    throw new VogError(
      'LABEL_INVALID',
      `Labels must be one-hot; row ${row} is all zeros. Leave the example out, or use a multi-label model, with a sigmoid for each unit.`,
    );
  }
  return hot;
}
