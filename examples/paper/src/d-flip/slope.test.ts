// Only with --all: it is of an experiment, and loads data and models for it
import { seededRandom } from '@vogjs/base';
import { Scores } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { direction } from './program.js';
import { errorSlope, leastSquaresSlope } from './slope.js';

const test = suite('slope');

test('the slope of y = a + b x is b', () => {
  assert.ok(Math.abs(leastSquaresSlope([0, 1, 2, 5], [3, 1, -1, -7]) + 2) < 1e-12);
});

test('errors that grow with the score rise, their mirror falls, unrelated ones are undecided', () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = seededRandom(seed);
  const values = Float32Array.from({ length: 400 }, () => random.uniform());
  const errors = Float32Array.from(values, (value) => Number(random.uniform() < value));
  const scores = (hardDirection: 'high' | 'low') =>
    new Scores({
      metric: 'x',
      column: 'x',
      window: 'complete',
      hardDirection,
      checkpoints: 2,
      values,
      ids: [...values.keys()],
      labels: null,
      classNames: undefined,
    });
  const rising = errorSlope(scores('high'), errors, 1);
  assert.is(direction(rising), 'rises', `seed ${seed}`);
  assert.is(direction(errorSlope(scores('low'), errors, 1)), 'falls', `seed ${seed}`);
  // The true slope is 100 points from the easiest to the hardest. Seven standard errors: chance alone is below 1e-10.
  assert.ok(Math.abs(rising.estimate - 100) < 7 * rising.standardError, `seed ${seed}`);
  assert.is(direction({ low: -1, high: 1 }), 'undecided');
});

test.run();
