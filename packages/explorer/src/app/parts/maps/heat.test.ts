import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { factsOf, paint } from './heat.js';

const heat = (values: readonly number[], width = 3) => ({
  height: values.length / width,
  width,
  values: Float32Array.from(values),
});

test('a map says its largest value, where it is, and how few pixels hold half of it', () => {
  const facts = factsOf(heat([0, 1, 0, 1, 0, 6, 2, 0, 2]));
  assert.equal(facts, { most: 6, mean: 12 / 9, row: 2, column: 3, half: 1 / 9 });
});

test('a map of nothing has no stretch, and one with what is no number says so', () => {
  assert.equal(factsOf(heat([0, 0, 0])), { most: 0, mean: 0, row: 1, column: 1, half: 0 });
  assert.ok(Number.isNaN(factsOf(heat([1, Number.NaN, 0])).most));
});

test('colours go from the first at 0 by the second to the third at the largest value', () => {
  const colours = [
    [0, 0, 0],
    [100, 0, 50],
    [200, 200, 50],
  ] as const;
  const pixels = paint(heat([0, 2, 4]), 4, colours);
  assert.equal([...pixels], [0, 0, 0, 255, 100, 0, 50, 255, 200, 200, 50, 255]);
  assert.equal([...paint(heat([1, 3, 0]), 4, colours).subarray(0, 8)], [50, 0, 25, 255, 150, 100, 50, 255]);
  assert.equal([...paint(heat([0, 0, 0]), 0, colours).subarray(0, 4)], [0, 0, 0, 255]);
});

test.run();
