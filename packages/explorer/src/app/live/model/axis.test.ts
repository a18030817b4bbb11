import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { axisOf, epochTicks, placeOn } from './axis.js';
import { bytesOf, durationOf } from './time.js';
import { thinned } from './thin.js';

test('ticks are round and hold all values between them', () => {
  assert.equal(axisOf([0.31, 0.74])?.ticks, [0.2, 0.4, 0.6, 0.8]);
  assert.equal(axisOf([Number.NaN, 5, Infinity])?.ticks, [4.5, 5, 5.5]);
  assert.is(axisOf([]), null);
  assert.equal(axisOf([0, 0])?.ticks, [-1, 0, 1]);
});

test('scores that are far apart lie on a logarithmic axis, and others do not', () => {
  const axis = axisOf([2e-7, 3e-4], true)!;
  assert.equal([axis.isLog, axis.low, axis.high], [true, 1e-7, 1e-3]);
  assert.ok(Math.abs(placeOn(axis, 1e-5) - 0.5) < 1e-12);
  assert.equal([placeOn(axis, 0), placeOn(axis, 1)], [0, 1]);
  assert.is(axisOf([0, 3e4], true)?.isLog, false);
});

test('epochs are written at both ends and at round steps between', () => {
  assert.equal(epochTicks(1, 12), [1, 5, 12]);
  assert.equal(epochTicks(0, 3), [0, 1, 2, 3]);
  assert.equal(epochTicks(1, 100), [1, 20, 40, 60, 80, 100]);
  assert.equal(epochTicks(1, 1), [1]);
});

test('a long line keeps its ends', () => {
  const many = thinned(Array.from({ length: 9999 }, (_, at) => at));
  assert.equal([many.length, many[0], many.at(-1)], [400, 0, 9998]);
  assert.equal(thinned([1, 2]), [1, 2]);
});

test('times and sizes are as people say them', () => {
  assert.equal([0, 59_400, 82_000, 11_100_000, 3e8].map(durationOf), [
    '0 s',
    '59 s',
    '1 min 22 s',
    '3 h 5 min',
    '3 d 11 h',
  ]);
  assert.equal([0, 999, 412e6, 1.5e10].map(bytesOf), ['0 B', '999 B', '412 MB', '15 GB']);
});

test.run();
