// Only with --all: it is of an experiment
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shuffleLabels } from './shuffle.js';

const test = suite('shuffled labels');

test('shuffling permutes: every class keeps its count, the share is exact, the rest is untouched', () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const labels = Int32Array.from({ length: 1000 }, (_, i) => i % 10);
  const { given, wrong, shuffled } = shuffleLabels(labels, 0.2, seed);
  assert.equal(given.toSorted(), labels.toSorted(), `seed ${seed}`);
  assert.is(
    shuffled.reduce((sum, flag) => sum + flag, 0),
    200,
  );
  for (const [i, label] of given.entries()) {
    assert.is(wrong[i], Number(label !== labels[i]));
    if (shuffled[i] === 0) assert.is(label, labels[i], `seed ${seed}`);
  }
  // About 180 of the 200 change; 140 is seven standard deviations away.
  assert.ok(wrong.reduce((sum, flag) => sum + flag, 0) > 140, `seed ${seed}`);
  assert.equal(shuffleLabels(labels, 0.2, seed).given, given);
});

test.run();
