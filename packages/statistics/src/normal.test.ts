import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose, freshRandom, golden } from './golden.test.helper.js';
import { normalProbability, normalQuantile } from './normal.js';

const test = suite('normal');

test("normalProbability = SciPy's ndtr, to the far tail", () => {
  for (const { z, p } of golden.normals.probabilities) assertClose(normalProbability(z), p, `P(Z <= ${z})`);
});

test("normalQuantile = SciPy's ndtri", () => {
  for (const { p, z } of golden.normals.quantiles) assertClose(normalQuantile(p), z, `quantile of ${p}`);
  assert.equal([normalQuantile(0), normalQuantile(1)], [-Infinity, Infinity]);
});

test('normalProbability(normalQuantile(p)) = p', () => {
  const { seed, next } = freshRandom();
  for (let run = 0; run < 300; run++) {
    const p = next();
    assertClose(normalProbability(normalQuantile(p)), p, `seed ${seed}`, 1e-12);
  }
});

test.run();
