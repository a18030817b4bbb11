import { readFileSync } from 'node:fs';
import { seededRandom } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { symmetricEigen } from './symmetric-eigen.js';

const seed = Math.floor(Math.random() * 2 ** 31);
const random = seededRandom(seed);
const test = suite(`symmetricEigen (seed ${seed})`);

/** The largest entry of V' diag(λ) V - M and of V V' - 1. */
function errorsOf(matrix: Float64Array, n: number): { product: number; basis: number } {
  const { values, vectors } = symmetricEigen(matrix, n);
  let [product, basis] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let [m, v] = [0, 0];
      for (let k = 0; k < n; k++) {
        m += values[k]! * vectors[k * n + i]! * vectors[k * n + j]!;
        v += vectors[i * n + k]! * vectors[j * n + k]!;
      }
      product = Math.max(product, Math.abs(m - matrix[i * n + j]!));
      basis = Math.max(basis, Math.abs(v - Number(i === j)));
    }
    if (i > 0) assert.ok(values[i]! <= values[i - 1]!, 'values descend');
  }
  return { product, basis };
}

function randomSymmetric(n: number, rank: number): Float64Array {
  const factors = Float64Array.from({ length: rank * n }, () => random.normal());
  const matrix = new Float64Array(n * n);
  for (let r = 0; r < rank; r++) {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) matrix[i * n + j]! += factors[r * n + i]! * factors[r * n + j]!;
  }
  return matrix;
}

for (const [n, rank] of [
  [1, 1],
  [2, 2],
  [3, 1],
  [17, 17],
  [40, 12],
  [120, 130],
] as const) {
  test(`${n} x ${n} of rank ${Math.min(n, rank)}: V' diag(λ) V = M and V V' = 1`, () => {
    const matrix = randomSymmetric(n, rank);
    const copy = matrix.slice();
    const scale = Math.max(...matrix.map(Math.abs));
    const { product, basis } = errorsOf(matrix, n);
    assert.ok(product < 1e-13 * n * scale, `product ${product}`);
    assert.ok(basis < 1e-13 * n, `basis ${basis}`);
    assert.equal(matrix, copy);
  });
}

test('matrices that need no work, or have equal eigenvalues', () => {
  for (const diagonal of [
    [0, 0, 0],
    [1, 1, 1],
    [3, -2, 7],
    [1e-300, 0, 1],
  ]) {
    const n = diagonal.length;
    const matrix = new Float64Array(n * n);
    for (const [i, value] of diagonal.entries()) matrix[i * n + i] = value;
    const { values } = symmetricEigen(matrix, n);
    assert.equal(
      [...values],
      diagonal.toSorted((a, b) => b - a),
    );
  }
});

test('the eigenvalues are those of NumPy, with a double one and one of 0', () => {
  const url = new URL('spectrum.golden.json', import.meta.url);
  const spectrum = JSON.parse(readFileSync(url, 'utf8')) as { matrix: number[][]; values: number[] };
  const n = spectrum.values.length;
  const { values } = symmetricEigen(Float64Array.from(spectrum.matrix.flat()), n);
  for (const [i, expected] of spectrum.values.entries()) {
    assert.ok(Math.abs(values[i]! - expected) < 1e-14 * 20, `value ${i}: ${values[i]} and ${expected}`);
  }
});

test.run();
