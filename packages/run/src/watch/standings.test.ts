import { Scores } from '@vogjs/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { columnOf, flipsOf, hardestOf, ranksOf } from './standings.js';

const scoresOf = (values: readonly number[], hardDirection: 'high' | 'low' = 'high', column = 'aum') =>
  new Scores({
    metric: 'aum',
    column,
    window: 'complete',
    hardDirection,
    checkpoints: 2,
    values: Float32Array.from(values),
    ids: values.map((_, at) => `e${at}`),
    labels: Int32Array.from(values, (_, at) => at % 3),
    classNames: undefined,
    notes: [],
    words: undefined,
  });

test('a column is told by mean and bands of those that have a score', () => {
  const column = columnOf(scoresOf([1, Number.NaN, 2, 3, 4, 5, Infinity], 'low', 'margin'));
  assert.equal(column, { name: 'aum.margin', hardDirection: 'low', scored: 5, mean: 3, bands: [1.2, 2, 3, 4, 4.8] });
  assert.is(columnOf(scoresOf([Number.NaN, Number.NaN])), null);
});

test('the hardest come first with the rank that they had, and examples without a score have none', () => {
  const before = ranksOf(scoresOf([5, Number.NaN, 4, 1]));
  assert.equal([...before], [1, 0, 2, 3]);
  const told = hardestOf(scoresOf([1, 9, 4, Number.NaN]), 3, before);
  assert.equal(
    told.map(({ row, id, label, value, was }) => [row, id, label, value, was]),
    [
      [1, 'e1', 1, 9, null],
      [2, 'e2', 2, 4, 2],
      [0, 'e0', 0, 1, 1],
    ],
  );
  assert.is(hardestOf(scoresOf([1, 2]), 5, null)[0]?.was, null);
});

test('flips are those of the easy half that reached the hardest tenth, the largest rise first', () => {
  const size = 40;
  const early = Int32Array.from({ length: size }, (_, row) => row + 1);
  const late = Int32Array.from({ length: size }, (_, row) => ((row + 8) % size) + 1);
  // Rows 32 to 39 rose to the ranks 1 to 8; the hardest tenth are the ranks 1 to 4.
  const { count, first } = flipsOf(scoresOf(Array.from({ length: size }, (_, at) => at)), early, late);
  assert.is(count, 4);
  assert.equal(
    first.map(({ row, from, to }) => [row, from, to]),
    [
      [32, 33, 1],
      [33, 34, 2],
      [34, 35, 3],
      [35, 36, 4],
    ],
  );
});

test.run();
