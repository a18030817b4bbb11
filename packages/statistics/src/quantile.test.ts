import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose, assertCode, golden } from './golden.test.helper.js';
import { quantile } from './quantile.js';

const test = suite('quantile');

test('quantile = numpy.quantile', () => {
  for (const { values, q, expected } of golden.quantiles) {
    quantile(values, q).forEach((actual, index) =>
      assertClose(actual, expected[index]!, `q ${q[index]} of [${values}]`),
    );
  }
});

test('quantile(values, 0.5) of 1, 2 = 1.5, and the sample is left as it was', () => {
  const values = Float32Array.of(2, 1);
  assert.is(quantile(values, 0.5), 1.5);
  assert.equal([...values], [2, 1]);
});

test('an empty sample, a NaN and a share of 50 are refused', () => {
  assertCode('SAMPLE_TOO_SMALL', () => quantile([], 0.5));
  assertCode('INPUT_NOT_FINITE', () => quantile([1, NaN], 0.5));
  assertCode('ARGUMENT_INVALID', () => quantile([1, 2], 50));
  assertCode('ARGUMENT_INVALID', () => quantile([1, 2], NaN));
});

test('between the largest numbers of either sign it stays finite, and exact at the ends', () => {
  const most = Number.MAX_VALUE;
  assert.equal(quantile([most, -most], [0, 0.25, 0.5, 1]), [-most, -most / 2, 0, most]);
  assert.equal(quantile([-most, -most, most], [0, 0.3, 0.5, 1]), [-most, -most, -most, most]);
});

test.run();
