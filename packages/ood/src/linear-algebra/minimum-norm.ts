import type { HostArray } from '../host-array.js';
import { symmetricEigen } from './symmetric-eigen.js';

/**
 * The shortest x with `x · kernel = bias` (in the least-squares sense where there is none): `(W')^+ b`, by the
 * eigendecomposition of the smaller Gram matrix.
 *
 * @param kernel `[d, C]`
 * @param bias `[C]`
 * @returns `[d]`
 */
export function minimumNormSolution(kernel: HostArray, bias: HostArray): Float64Array {
  const [d = 0, c = 0] = kernel.shape;
  const w = (row: number, column: number): number => kernel.data[row * c + column]!;
  const isWide = d < c;
  const n = isWide ? d : c;
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < (isWide ? c : d); k++) sum += isWide ? w(i, k) * w(j, k) : w(k, i) * w(k, j);
      gram[i * n + j] = sum;
      gram[j * n + i] = sum;
    }
  }
  // W (W'W)^+ b with many features, (W W')^+ W b with few.
  const times = (vector: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: d }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < c; k++) sum += w(i, k) * vector[k]!;
      return sum;
    });
  return isWide ? applyInverse(gram, times(bias.data), n) : times(applyInverse(gram, bias.data, n));
}

/** `gram^+ vector`; directions that float64 cannot tell from none are left out. */
function applyInverse(gram: Float64Array, vector: ArrayLike<number>, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(gram, n);
  const least = n * Number.EPSILON * Math.max(0, values[0]!);
  const result = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (values[i]! <= least) continue;
    let product = 0;
    for (let k = 0; k < n; k++) product += vectors[i * n + k]! * vector[k]!;
    for (let k = 0; k < n; k++) result[k]! += (vectors[i * n + k]! * product) / values[i]!;
  }
  return result;
}
