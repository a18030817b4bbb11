import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshRandom } from '../random.test.helper.js';
import { fitTwoNormals, otsuThreshold } from './thresholds.js';

const test = suite('thresholds');

test('Otsu cuts two groups in the middle of the gap', () => {
  const threshold = otsuThreshold([0, 0, 0, 1, 1]);
  assert.ok(Math.abs(threshold - 0.5) < 0.01, String(threshold));
});

test('Otsu has no cut for equal values and for none', () => {
  for (const values of [[], [3], [2, 2, 2], [NaN, NaN]]) assert.ok(Number.isNaN(otsuThreshold(values)));
});

test('two normals are found again, whatever they are', () => {
  const { seed, random } = freshRandom();
  const share = 0.1 + 0.3 * random.uniform();
  const far = 6 + 2 * random.uniform();
  const isHigh = Array.from({ length: 4000 }, () => random.uniform() < share);
  const values = Float64Array.from(isHigh, (high) => (high ? far : 0) + random.normal());
  // Of what was drawn, not of what it was drawn from: six deviations apart, few lie where either may be meant.
  const [low, high] = [false, true].map((of) => values.filter((_, i) => isHigh[i] === of)) as [
    Float64Array,
    Float64Array,
  ];
  const mean = (of: Float64Array): number => of.reduce((sum, value) => sum + value, 0) / of.length;
  const fit = fitTwoNormals(values)!;
  const message = `seed ${seed}: ${JSON.stringify(fit)}, share ${share}, mean ${far}`;
  assert.ok(Math.abs(fit.means[0] - mean(low)) < 0.1 && Math.abs(fit.means[1] - mean(high)) < 0.2, message);
  assert.ok(Math.abs(fit.shareOfHigh - high.length / 4000) < 0.03, message);
  assert.ok(fit.threshold > 1.5 && fit.threshold < far - 1.5, message);
});

test('values that do not differ have no two groups', () => {
  assert.is(fitTwoNormals([1, 1, 1]), null);
  assert.is(fitTwoNormals([]), null);
});

test.run();
