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

for (const [d, c, rank] of [
  [9, 4, 4],
  [4, 9, 4],
  [5, 5, 5],
  [9, 4, 2],
  [4, 9, 2],
] as const) {
  test(`${d} x ${c} of rank ${rank}: the residual is orthogonal to the rows, and x lies in the columns' span`, () => {
    const left = Array.from({ length: d * rank }, () => random.normal());
    const right = Array.from({ length: rank * c }, () => random.normal());
    const kernel = Array.from({ length: d * c }, (_, at) => {
      const [i, j] = [Math.floor(at / c), at % c];
      let sum = 0;
      for (let r = 0; r < rank; r++) sum += left[i * rank + r]! * right[r * c + j]!;
      return sum;
    });
    const bias = Array.from({ length: c }, () => random.normal());
    const x = minimumNormSolution(
      { data: Float64Array.from(kernel), shape: [d, c] },
      { data: Float64Array.from(bias), shape: [c] },
    );
    const rest = residual(x, kernel, bias);
    for (let i = 0; i < d; i++) {
      const product = rest.reduce((sum, r, j) => sum + r * kernel[i * c + j]!, 0);
      assert.ok(Math.abs(product) < 1e-7, `least squares: ${product}`);
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
      assert.ok(Math.abs(product) < 1e-6, `shortest: ${product}`);
    }
  });
}

test.run();
