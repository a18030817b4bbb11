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
  const values = Float64Array.from({ length: 4000 }, () =>
    random.uniform() < share ? far + random.normal() : random.normal(),
  );
  const fit = fitTwoNormals(values)!;
  const message = `seed ${seed}: ${JSON.stringify(fit)}, share ${share}, mean ${far}`;
  assert.ok(Math.abs(fit.means[0]) < 0.1 && Math.abs(fit.means[1] - far) < 0.2, message);
  assert.ok(Math.abs(fit.shareOfHigh - share) < 0.03, message);
  assert.ok(fit.threshold > 1.5 && fit.threshold < far - 1.5, message);
});

test('values that do not differ have no two groups', () => {
  assert.is(fitTwoNormals([1, 1, 1]), null);
  assert.is(fitTwoNormals([]), null);
});

test.run();
