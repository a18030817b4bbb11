import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { errorsOf } from './difficulty.js';
import { errorByPercentile } from './error-by-percentile.js';
import { assertCode, freshRandom } from './golden.test.helper.js';

const test = suite('errorByPercentile');
const range = (n: number) => Array.from({ length: n }, (_, index) => index);

test('percentile 100 is the hard end, whichever end of the score that is', () => {
  const values = range(100);
  const isError = values.map((value) => value >= 90);
  const rising = errorByPercentile({ values, hardDirection: 'high' }, isError);
  assert.equal(
    rising.bins.map(({ error }) => error),
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 100],
  );
  assert.equal([rising.bottom.error, rising.all.error, rising.top.error], [0, 10, 100]);
  const falling = errorByPercentile({ values, hardDirection: 'low' }, isError);
  assert.equal(
    falling.bins.map(({ error }) => error),
    [100, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  );
  assert.equal(falling.hardDirection, 'low');
});

test('bins hold all examples, as equally as whole numbers allow, and their errors average to the whole', () => {
  const { seed, next } = freshRandom();
  for (const [n, bins] of [
    [23, 10],
    [7, 7],
    [1000, 3],
    [1, 1],
  ] as const) {
    const values = range(n).map(() => Math.floor(next() * 10));
    const isError = values.map(() => next() < 0.4);
    const result = errorByPercentile({ values, hardDirection: 'high' }, isError, { bins });
    const counts = result.bins.map(({ count }) => count);
    assert.is(
      counts.reduce((sum, count) => sum + count),
      n,
      `seed ${seed}`,
    );
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, `seed ${seed}, counts ${counts}`);
    const mean = result.bins.reduce((sum, { error, count }) => sum + error * count, 0) / n;
    assert.ok(Math.abs(mean - result.all.error) < 1e-9, `seed ${seed}`);
    assert.is(result.bins[0]!.from, 0);
    assert.is(result.bins.at(-1)!.to, 100);
  }
});

test('tied scores share their errors over the bins they straddle, whatever order the examples come in', () => {
  const values = [0, 0, 0, 0];
  const expected = errorByPercentile({ values, hardDirection: 'high' }, [1, 1, 0, 0], { bins: 2 });
  assert.equal(
    expected.bins.map(({ error }) => error),
    [50, 50],
  );
  assert.equal(errorByPercentile({ values, hardDirection: 'high' }, [0, 0, 1, 1], { bins: 2 }), expected);
});

test('errorsOf(labels, predictions) is 1 where they differ', () => {
  assert.equal([...errorsOf(Int32Array.of(1, 2, 3), [1, 0, 3])], [0, 1, 0]);
  assertCode('PROBE_MISMATCH', () => errorsOf([1], [1, 2]));
});

test('NaN scores, more bins than examples, fractional bins and predictions in place of flags are refused', () => {
  const scores = { values: [1, 2, 3], hardDirection: 'high' as const };
  assertCode('INPUT_NOT_FINITE', () => errorByPercentile({ ...scores, values: [1, NaN, 3] }, [0, 1, 0], { bins: 1 }));
  assertCode('SAMPLE_TOO_SMALL', () => errorByPercentile(scores, [0, 1, 0]));
  assertCode('ARGUMENT_INVALID', () => errorByPercentile(scores, [0, 1, 0], { bins: 1.5 }));
  assertCode('ARGUMENT_INVALID', () => errorByPercentile(scores, [0, 7, 2], { bins: 1 }));
  assertCode('PROBE_MISMATCH', () => errorByPercentile(scores, [0, 1], { bins: 1 }));
});

test.run();
