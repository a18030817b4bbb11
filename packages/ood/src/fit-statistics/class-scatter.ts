import { labels, VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { featuresAt } from './features.js';
import { requireFinite } from './rows.js';
import { defineStatistic, type Statistic } from './statistic.js';

/** Class means and scatter matrices of the fit set, in float64. */
export interface ClassScatter {
  readonly examples: number;
  readonly width: number;
  /** Classes that the labels name, ascending. */
  readonly classes: Int32Array;
  readonly counts: Int32Array;
  /** `[classes, width]` */
  readonly means: Float64Array;
  /** Mean of all examples: `[width]`. */
  readonly mean: Float64Array;
  /** `Σ (f - μ_class)(f - μ_class)'`: `[width, width]`. */
  readonly within: Float64Array;
  /** `Σ (f - μ)(f - μ)'`: `[width, width]`. */
  readonly total: Float64Array;
}

/** What is known of a class while examples come in. */
interface ClassSums {
  count: number;
  /** A first estimate of the class's mean, about which its sums are taken: no digits are lost to large means. */
  readonly shift: Float32Array;
  /** `Σ (f - shift)` */
  readonly sums: Float64Array;
}

/**
 * Class means and scatter in one pass: each chunk's `Σ (f - shift_c)(f - shift_c)'` is one matrix product on the device,
 * added up in float64 on the host and corrected to the final means at the end. The shift of a class is its mean in the
 * first chunk that has it.
 *
 * Source: shifted data, Chan, Golub & LeVeque, "Algorithms for Computing the Sample Variance", 1983.
 */
export function classScatter(layer?: string): Statistic<ClassScatter> {
  return defineStatistic({
    name: 'classScatter',
    parameters: layer === undefined ? {} : { layer },
    requires: { features: featuresAt(layer), labels },
    begin: () => {
      const known = new Map<number, ClassSums>();
      let scatter: Float64Array | undefined;
      let present: number[] = [];
      let width = 0;
      return {
        visit: ({ features }, chunk) => {
          const given = chunk.labels as Int32Array;
          present = [...new Set(given)];
          width = features.shape[1];
          return centredProducts(features, given, present, known);
        },
        receive: (values, { start }) => {
          const [products, sums, shifts] = ['products', 'sums', 'shifts'].map((name) => values[name]!.data);
          requireFinite(products!, 'A product of two features', start, Number.POSITIVE_INFINITY);
          scatter ??= new Float64Array(width * width);
          for (let i = 0; i < scatter.length; i++) scatter[i]! += products![i]!;
          const counts = values['counts']!.data;
          for (const [row, label] of present.entries()) {
            const entry = known.get(label) ?? {
              count: 0,
              shift: Float32Array.from(shifts!.subarray(row * width, (row + 1) * width)),
              sums: new Float64Array(width),
            };
            entry.count += counts[row]!;
            for (let j = 0; j < width; j++) entry.sums[j]! += sums![row * width + j]!;
            known.set(label, entry);
          }
        },
        finish: () => concluded(known, scatter!, width),
      };
    },
  });
}

function centredProducts(
  features: tf.Tensor2D,
  given: Int32Array,
  present: readonly number[],
  known: ReadonlyMap<number, ClassSums>,
): Record<string, tf.Tensor> {
  const [size, width] = features.shape;
  const rowOf = new Map(present.map((label, row) => [label, row]));
  const members = new Float32Array(present.length * size);
  const rows = Int32Array.from(given, (label) => rowOf.get(label)!);
  const counts = new Int32Array(present.length);
  for (const [i, row] of rows.entries()) {
    members[row * size + i] = 1;
    counts[row]! += 1;
  }
  const member = tf.tensor2d(members, [present.length, size]);
  const shifts = new Float32Array(present.length * width);
  const isNew = new Float32Array(present.length);
  for (const [row, label] of present.entries()) {
    const entry = known.get(label);
    if (entry === undefined) isNew[row] = 1 / counts[row]!;
    else shifts.set(entry.shift, row * width);
  }
  // The mean in this chunk for a class met the first time, the shift of before for the others.
  const firstMeans = tf.mul(tf.matMul(member, features), tf.tensor2d(isNew, [present.length, 1]));
  const shift = tf.add(tf.tensor2d(shifts, [present.length, width]), firstMeans) as tf.Tensor2D;
  const centred = tf.sub(features, tf.gather(shift, tf.tensor1d(rows, 'int32'))) as tf.Tensor2D;
  return {
    products: tf.matMul(centred, centred, true, false),
    sums: tf.matMul(member, centred),
    shifts: shift,
    counts: tf.tensor1d(counts, 'int32'),
  };
}

function concluded(known: ReadonlyMap<number, ClassSums>, within: Float64Array, width: number): ClassScatter {
  const classes = Int32Array.from(known.keys()).sort();
  if (classes.length < 2) {
    throw new VogError(
      'SAMPLE_TOO_SMALL',
      `The labels of the fit set name one class only (${classes[0]}); a detector that compares classes needs two at least. Check the labels, or use a detector without classes, such as knn().`,
    );
  }
  const means = new Float64Array(classes.length * width);
  const mean = new Float64Array(width);
  const entries = [...classes].map((label) => known.get(label)!);
  const examples = entries.reduce((sum, { count }) => sum + count, 0);
  for (const [row, { count, shift, sums }] of entries.entries()) {
    const offset = sums.map((sum) => sum / count);
    addOuter(within, offset, -count);
    for (let j = 0; j < width; j++) {
      means[row * width + j] = shift[j]! + offset[j]!;
      mean[j]! += ((shift[j]! + offset[j]!) * count) / examples;
    }
  }
  const total = within.slice();
  for (const [row, { count }] of entries.entries()) {
    const offset = means.slice(row * width, (row + 1) * width).map((value, j) => value - mean[j]!);
    addOuter(total, offset, count);
  }
  return {
    examples,
    width,
    classes,
    counts: Int32Array.from(entries, ({ count }) => count),
    means,
    mean,
    within,
    total,
  };
}

/** `matrix += factor * vector vector'` */
function addOuter(matrix: Float64Array, vector: Float64Array, factor: number): void {
  const width = vector.length;
  for (let i = 0; i < width; i++) {
    const scaled = factor * vector[i]!;
    for (let j = 0; j < width; j++) matrix[i * width + j]! += scaled * vector[j]!;
  }
}
