import * as tf from '@tensorflow/tfjs';
import { classScatter } from '../../fit-statistics/class-scatter.js';
import { featuresAt } from '../../fit-statistics/features.js';
import { symmetricEigen } from '../../linear-algebra/symmetric-eigen.js';
import { whitening } from '../../linear-algebra/whitening.js';
import { defineDetector } from '../define-detector.js';
import { classGaussians, gaussianOptions } from '../shared/class-gaussians.js';

/**
 * Relative Mahalanobis distance: `max_c -(MD_c - MD_0)`, MD_0 the distance to the one Gaussian of all examples, with
 * their mean and covariance (divided by n). Takes out the directions in which everything varies. One forward pass.
 * Low = out-of-distribution.
 *
 * Source: Ren et al., "A Simple Fix to Mahalanobis Distance for Improving Near-OOD Detection", 2021, arXiv 2106.09022,
 * section 3.
 *
 * @throws VogError as `mahalanobis`
 */
export const relativeMahalanobis = defineDetector({
  name: 'relative-mahalanobis',
  // 1 kept the two distances apart.
  version: 2,
  options: gaussianOptions,
  requires: ({ layer }) => ({ features: featuresAt(layer) }),
  fit: {
    statistics: ({ layer }) => ({ scatter: classScatter(layer) }),
    finish: ({ scatter }, _, { floor, name }) => {
      const { width, examples, mean, classes } = scatter;
      const background = whitening(
        scatter.total.map((sum) => sum / examples),
        width,
        floor,
        name,
      );
      const { whitening: matrix, centres } = classGaussians(scatter, floor, name);
      const within = productWithTransposed(matrix.data, matrix.data, width);
      const difference = productWithTransposed(background, background, width).map((value, at) => value - within[at]!);
      const { values, vectors } = symmetricEigen(difference, width);
      const axes = new Float64Array(width * width);
      for (let axis = 0; axis < width; axis++) {
        const length = Math.sqrt(Math.abs(values[axis]!));
        for (let row = 0; row < width; row++) axes[row * width + axis] = vectors[axis * width + row]! * length;
      }
      const slopes = productWithTransposed(matrix.data, centres.data, width);
      return {
        mean: { data: mean, shape: [width] },
        axes: { data: axes, shape: [width, width] },
        signs: { data: values.map(Math.sign), shape: [width] },
        slopes: { data: slopes.map((value) => 2 * value), shape: [width, classes.length] },
        offsets: { data: squaredLengths(centres.data, width), shape: [classes.length] },
      };
    },
  },
  // MD_0 - MD_c multiplied out: x'(S_0^-1 - S^-1)x + 2 x'S^-1 d_c - d_c'S^-1 d_c with x and d_c from the common mean. The
  // distances themselves are thousands of times as large where features hardly vary, and float32 would subtract them
  // from one another; the matrices are subtracted in float64, and what is left has few long axes.
  score: ({ features }, { mean, axes, signs, slopes, offsets }) => {
    const x = tf.sub(features, mean) as tf.Tensor2D;
    const curved = tf.sum(tf.mul(tf.square(tf.matMul(x, axes as tf.Tensor2D)), signs), 1);
    return tf.add(curved, tf.max(tf.sub(tf.matMul(x, slopes as tf.Tensor2D), offsets), 1));
  },
});

/** `a b'` of matrices of `width` columns. */
function productWithTransposed(a: ArrayLike<number>, b: ArrayLike<number>, width: number): Float64Array {
  const [rows, columns] = [a.length / width, b.length / width];
  const product = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += a[i * width + k]! * b[j * width + k]!;
      product[i * columns + j] = sum;
    }
  }
  return product;
}

/** Squared length of each row. */
function squaredLengths(rows: ArrayLike<number>, width: number): Float64Array {
  return Float64Array.from({ length: rows.length / width }, (_, row) => {
    let sum = 0;
    for (let k = row * width; k < (row + 1) * width; k++) sum += rows[k]! * rows[k]!;
    return sum;
  });
}
