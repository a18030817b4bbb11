import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { percentilesOf } from './percentiles.js';

const test = suite('percentiles');

test('the hardest is near the whole whichever end is hard, ties share their rank, and NaN counts for nobody', () => {
  const values = [1, 3, Number.NaN, 1, 9];
  assert.equal([...percentilesOf({ values, hardDirection: 'high' })], [25, 62.5, Number.NaN, 25, 87.5]);
  assert.equal([...percentilesOf({ values, hardDirection: 'low' }, 1)], [0.75, 0.375, Number.NaN, 0.75, 0.125]);
  assert.equal([...percentilesOf({ values: [-0, 0, Infinity], hardDirection: 'high' }, 6)], [2, 2, 5]);
  assert.is(percentilesOf({ values: [], hardDirection: 'high' }).length, 0);
});

test('a direction that is none is refused', () => {
  assert.throws(
    () => percentilesOf({ values: [1], hardDirection: 'up' as never }),
    (error: unknown) => error instanceof VogError && error.code === 'ARGUMENT_INVALID',
  );
});

test.run();
