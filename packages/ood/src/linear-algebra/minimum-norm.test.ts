import { seededRandom } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { minimumNormSolution } from './minimum-norm.js';

const seed = Math.floor(Math.random() * 2 ** 31);
const random = seededRandom(seed);
const test = suite(`minimumNormSolution (seed ${seed})`);

/** x · kernel - bias. */
function residual(x: Float64Array, kernel: readonly number[], bias: readonly number[]): number[] {
  return bias.map((b, c) => x.reduce((sum, v, i) => sum + v * kernel[i * bias.length + c]!, -b));
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);

/** `count` rows of `length` numbers, each of length 1 and orthogonal to the others: by Gram and Schmidt, done twice. */
function orthonormal(count: number, length: number): number[][] {
  const rows: number[][] = [];
  while (rows.length < count) {
    let row = Array.from({ length }, () => random.normal());
    for (const others of [rows, rows]) {
      for (const other of others) {
        const part = dot(row, other);
        row = row.map((v, i) => v - part * other[i]!);
      }
      const norm = Math.sqrt(dot(row, row));
      row = row.map((v) => v / norm);
    }
    rows.push(row);
  }
  return rows;
}

for (const [d, c, rank] of [
  [9, 4, 4],
  [4, 9, 4],
  [5, 5, 5],
  [9, 4, 2],
  [4, 9, 2],
] as const) {
  test(`${d} x ${c} of rank ${rank}: the residual is orthogonal to the rows, and x lies in the columns' span`, () => {
    // Singular values from 1/2 to 2, so that no draw is so near to a lower rank that its digits are lost.
    const singular = Array.from({ length: rank }, () => 2 ** (2 * random.uniform() - 1));
    const [left, right] = [orthonormal(rank, d), orthonormal(rank, c)];
    const kernel = Array.from({ length: d * c }, (_, at) =>
      singular.reduce((sum, value, r) => sum + value * left[r]![Math.floor(at / c)]! * right[r]![at % c]!, 0),
    );
    const bias = Array.from({ length: c }, () => random.normal());
    const x = minimumNormSolution(
      { data: Float64Array.from(kernel), shape: [d, c] },
      { data: Float64Array.from(bias), shape: [c] },
    );
    const rest = residual(x, kernel, bias);
    for (let i = 0; i < d; i++) {
      const product = rest.reduce((sum, r, j) => sum + r * kernel[i * c + j]!, 0);
      assert.ok(Math.abs(product) < 1e-10, `least squares: ${product}`);
    }
    // Any other solution differs by a vector that the kernel maps to 0: x must be orthogonal to all of those.
    for (let trial = 0; trial < 5; trial++) {
      const y = Float64Array.from({ length: d }, () => random.normal());
      const image = residual(y, kernel, new Array<number>(c).fill(0));
      const back = minimumNormSolution(
        { data: Float64Array.from(kernel), shape: [d, c] },
        { data: Float64Array.from(image), shape: [c] },
      );
      const product = x.reduce((sum, v, i) => sum + v * (y[i]! - back[i]!), 0);
      assert.ok(Math.abs(product) < 1e-10, `shortest: ${product}`);
    }
  });
}

test.run();
