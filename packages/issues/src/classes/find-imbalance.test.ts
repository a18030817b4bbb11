import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertCode } from '../random.test.helper.js';
import { findImbalance } from './find-imbalance.js';

const test = suite('find imbalance');

test('a class of few examples and one of none are flagged, fewest first; even ones are not', () => {
  const labels = [...Array<number>(50).fill(0), ...Array<number>(47).fill(1), 2];
  const issues = findImbalance(labels, {}, ['ant', 'bee', 'cat', 'dog']);
  assert.equal(
    issues.map(({ id, detail, flagged }) => [id, detail, flagged]),
    [
      ['dog', 'empty', true],
      ['cat', 'rare', true],
      ['bee', 'rare', false],
      ['ant', 'rare', false],
    ],
  );
  assert.is(issues[0]!.score, 1);
  assert.is(issues[1]!.why, 'cat has 1 example, 1 % of all; an even share were 25 %.');
});

test('one class is an issue by itself', () => {
  const [issue, ...more] = findImbalance([3, 3]);
  assert.equal(more, []);
  assert.ok(issue!.flagged);
  assert.match(issue!.why, /All 2 examples are of one class, class 3/);
});

test('no label, and labels that are no classes, are refused', () => {
  assertCode('SAMPLE_TOO_SMALL', () => findImbalance([]));
  assertCode('LABEL_INVALID', () => findImbalance([0, -1]));
  assertCode('LABEL_INVALID', () => findImbalance([0, NaN]));
});

test.run();
