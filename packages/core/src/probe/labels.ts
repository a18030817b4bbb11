import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';

/** An array of numbers with the shape it stands for; the first axis counts examples. */
export interface ShapedArray {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** Labels: one integer per example, or one-hot rows `[size, classes]`, as an array or a tensor. */
export type ProbeLabels = ArrayLike<number> | ShapedArray | tf.Tensor;

/** Integer labels and, where the labels tell, the number of classes. */
export interface IntegerLabels {
  readonly values: Int32Array;
  /** Width of one-hot rows; null when labels were integers. */
  readonly classes: number | null;
}

/** Reads labels of any accepted form; only a tensor needs waiting for. */
export function readLabels(labels: ProbeLabels, size: number): IntegerLabels | Promise<IntegerLabels> {
  if (typeof labels !== 'object' || labels === null || !('length' in labels || 'shape' in labels)) {
    throw new VogError(
      'LABEL_INVALID',
      `labels must be an array, a tensor or { data, shape }; got ${labels === null ? 'null' : typeof labels}. Leave them out when there are none.`,
    );
  }
  if (labels instanceof tf.Tensor) {
    return labels.data().then((data) => fromArray(data, labels.shape, size));
  }
  if ('shape' in labels) return fromArray(labels.data, labels.shape, size);
  return fromArray(labels, [labels.length], size);
}

/** Refuses labels that the model has no class for. */
export function checkLabelRange(labels: Int32Array, classes: number, source: string): void {
  const wrong = labels.findIndex((label) => label < 0 || label >= classes);
  if (wrong !== -1) {
    throw new VogError(
      'LABEL_INVALID',
      `Label ${labels[wrong]} of example ${wrong} is out of range: ${source} has ${classes} classes, so labels are 0 to ${classes - 1}.`,
    );
  }
}

function fromArray(data: ArrayLike<number>, shape: readonly number[], size: number): IntegerLabels {
  const [rows = 0, width] = shape;
  if (shape.length > 2 || rows !== size || data.length !== rows * (width ?? 1)) {
    throw new VogError(
      'INPUT_SHAPE',
      `Labels have shape [${shape.join(', ')}]; the probe has ${size} examples. Give [${size}] integers or [${size}, classes] one-hot rows.`,
    );
  }
  if (width === undefined || width === 1) return { values: readIntegers(data), classes: null };
  return { values: readOneHot(data, rows, width), classes: width };
}

function readIntegers(data: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: data.length }, (_, i) => {
    const label = data[i] as number;
    if (!Number.isInteger(label) || label < 0 || label > 0x7fffffff) {
      throw new VogError(
        'LABEL_INVALID',
        `Label ${label} of example ${i} is not an integer of 0 or more. Encode classes as 0, 1, 2, ….`,
      );
    }
    return label;
  });
}

function readOneHot(data: ArrayLike<number>, rows: number, width: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, i) => {
    let hot = -1;
    for (let c = 0; c < width; c++) {
      const value = data[i * width + c];
      if (value === 0) continue;
      if (value !== 1 || hot !== -1) {
        throw new VogError(
          'LABEL_INVALID',
          `Labels of shape [${rows}, ${width}] must be one-hot, one 1 and zeros; row ${i} is not (class ${c} holds ${value}). Pass integer labels for soft or smoothed targets.`,
        );
      }
      hot = c;
    }
    if (hot === -1) {
      throw new VogError('LABEL_INVALID', `Labels must be one-hot; row ${i} is all zeros.`);
    }
    return hot;
  });
}
