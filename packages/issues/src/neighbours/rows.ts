import type { ShapedArray } from '@vogjs/base';

/** Rows made ready for distances: copied, of unit length if asked, and marked where a value is not finite. */
export interface Rows {
  readonly data: Float32Array;
  readonly size: number;
  readonly width: number;
  /** 1 for rows that have a place in space. */
  readonly known: Uint8Array;
}

/**
 * `cosine` divides each row by its length; a row of zeros has no direction and stays where it is. Distances are then
 * Euclidean: sqrt(2 - 2 cos).
 */
export function prepareRows({ data, shape }: ShapedArray, metric: 'cosine' | 'euclidean'): Rows {
  const [size = 0, width = 0] = shape;
  const rows = Float32Array.from(data as ArrayLike<number>);
  const known = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const row = rows.subarray(i * width, (i + 1) * width);
    let square = 0;
    for (let d = 0; d < width; d++) square += row[d]! * row[d]!;
    if (!Number.isFinite(square)) continue;
    known[i] = 1;
    if (metric === 'euclidean' || square === 0) continue;
    const scale = 1 / Math.sqrt(square);
    for (let d = 0; d < width; d++) row[d]! *= scale;
  }
  return { data: rows, size, width, known };
}

/** The columns in the order of their variance, largest first: a sum of squares then grows fast. */
export function columnsByVariance({ data, size, width, known }: Rows): Int32Array {
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  for (let i = 0; i < size; i++) {
    if (known[i] === 0) continue;
    for (let d = 0; d < width; d++) {
      const value = data[i * width + d]!;
      sums[d]! += value;
      squares[d]! += value * value;
    }
  }
  const variance = squares.map((square, d) => square - sums[d]! ** 2 / Math.max(1, size));
  return Int32Array.from({ length: width }, (_, d) => d).sort((a, b) => variance[b]! - variance[a]! || a - b);
}

/** The same rows with their columns in another order. */
export function reordered({ data, size, width, known }: Rows, columns: Int32Array): Rows {
  const moved = new Float32Array(data.length);
  for (let i = 0; i < size; i++) {
    for (let d = 0; d < width; d++) moved[i * width + d] = data[i * width + columns[d]!]!;
  }
  return { data: moved, size, width, known };
}
