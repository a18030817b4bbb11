import { VogError } from '@vogjs/core';
import { symmetricEigen } from './symmetric-eigen.js';

/**
 * Matrix W `[n, n]` with `norm2(x W)² = x' S^-1 x` for a covariance matrix S: eigenvectors as columns, each divided by
 * the root of its eigenvalue. Eigenvalues under `floor` times the largest one are raised to that: a singular S, of
 * features that never fire or of fewer examples than features, has no inverse otherwise.
 *
 * @param where whose covariance it is, for the error
 * @throws VogError SAMPLE_TOO_SMALL when all features are constant
 */
export function whitening(covariance: Float64Array, n: number, floor: number, where: string): Float64Array {
  const { values, vectors } = symmetricEigen(covariance, n);
  const least = values[0]! * floor;
  if (!(least > 0)) {
    throw new VogError(
      'SAMPLE_TOO_SMALL',
      `${where}: the features do not vary within the fit set, so there is no covariance to measure distances with. Give more examples, or another layer.`,
    );
  }
  const matrix = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    const scale = 1 / Math.sqrt(Math.max(values[column]!, least));
    for (let row = 0; row < n; row++) matrix[row * n + column] = vectors[column * n + row]! * scale;
  }
  return matrix;
}

/** `(row - origin) matrix` for each row: `[rows, columns]`. */
export function transformRows(
  rows: Float64Array,
  origin: Float64Array,
  matrix: Float64Array,
  columns: number,
): Float64Array {
  const width = origin.length;
  const count = rows.length / width;
  const result = new Float64Array(count * columns);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < width; k++) {
      const value = rows[i * width + k]! - origin[k]!;
      for (let j = 0; j < columns; j++) result[i * columns + j]! += value * matrix[k * columns + j]!;
    }
  }
  return result;
}
