import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiReview } from '../../api/types.js';
import { choicesOf, findClasses } from './choices.js';
import { yieldOf } from './yield.js';

const decided = (decisions: readonly ApiReview['decision'][]) =>
  new Map(decisions.map((decision, row): [number, ApiReview] => [row, { row, decision, when: '' }]));

test('31 of 40 wrong are a precision of .775, in R’s binom.test(31, 40) between .615 and .892', () => {
  const decisions = decided([
    ...Array<'relabel'>(30).fill('relabel'),
    'exclude',
    ...Array<'confirm'>(9).fill('confirm'),
  ]);
  const queue = Int32Array.from({ length: 194 }, (_, row) => row);
  const { reviewed, wrong, precision, interval, expected, left } = yieldOf(queue, decisions);
  assert.equal([reviewed, wrong, precision, left, expected], [40, 31, 0.775, 154, 119]);
  assert.equal(
    interval!.map((end) => end.toFixed(3)),
    ['0.615', '0.892'],
  );
});

test('before the first decision nothing is said of precision, and decisions outside the queue do not count', () => {
  assert.equal(yieldOf([7, 8], decided(['relabel'])), {
    reviewed: 0,
    wrong: 0,
    precision: null,
    interval: null,
    expected: null,
    left: 2,
  });
});

test('1 is the suggested class and nothing else; 2 to 9 are the others in class order, without the given one', () => {
  const keys = (...args: Parameters<typeof choicesOf>) => choicesOf(...args).map(({ key, label }) => `${key} ${label}`);
  assert.equal(keys(4, 1, 3), ['1 3', '2 0', '3 2']);
  assert.equal(keys(4, 1, undefined), ['2 0', '3 2', '4 3']);
  assert.equal(keys(3, 1, 1), ['2 0', '3 2'], 'the given class is no suggestion');
  assert.equal(keys(12, undefined, 11).slice(-5), ['8 6', '9 7', 'null 8', 'null 9', 'null 10']);
  assert.equal(keys(0, undefined, undefined), []);
});

test('classes are found by any part of their name, those that begin with it first', () => {
  const names = ['Ankle boot', 'Bag', 'T-shirt', 'Shirt', 'Boot'];
  assert.equal(findClasses(names, ' boot'), [4, 0]);
  assert.equal(findClasses(names, 'SHIRT'), [3, 2]);
  assert.equal(findClasses(names, ''), []);
  assert.equal(findClasses(names, '(['), []);
});

test.run();
