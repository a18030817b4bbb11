import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folds } from './folds.js';

const test = suite('folds');

test('folds hold out every example once, with the classes spread evenly', () => {
  const labels = [0, 0, 0, 0, 1, 1, 1, 1];
  const split = folds(labels, { count: 4, seed: 1 });
  assert.equal(
    split.flatMap(({ heldOut }) => [...heldOut]).toSorted((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7],
  );
  for (const { training, heldOut } of split) {
    assert.equal(new Set([...heldOut].map((i) => labels[i])), new Set([0, 1]));
    assert.is(training.length, 6);
  }
});

test.run();
