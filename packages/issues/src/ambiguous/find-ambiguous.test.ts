import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertCode } from '../random.test.helper.js';
import { findAmbiguous } from './find-ambiguous.js';

const test = suite('find ambiguous');

test('flagged is what lies between two classes, not what is sure, and not what is torn between three', () => {
  const data = [0.5, 0.45, 0.05, 0.9, 0.05, 0.05, 0.34, 0.33, 0.33, 0.55, 0.4, 0.05, NaN, NaN, NaN];
  const found = findAmbiguous({ data, shape: [5, 3] }, [0, 0, 1, 1, 2], {}, ['ant', 'bee', 'cat']);
  assert.equal([...found.flagged], [1, 0, 0, 0, 0]);
  assert.ok(found.scores[3]! > found.scores[1]! && Number.isNaN(found.scores[4]));
  assert.is(found.why(0), 'It could be ant (50 %) or bee (45 %); it is labelled ant.');
  assert.is(found.summary, '1 example of 5 (20 %) lies between two classes.');
});

test('thresholds are options, and logits are refused', () => {
  const data = [0.6, 0.4];
  assert.equal([...findAmbiguous({ data, shape: [1, 2] }, [0], { balance: 0.5 }).flagged], [1]);
  assertCode('INPUT_NOT_FINITE', () => findAmbiguous({ data: [4, -2], shape: [1, 2] }, [0]));
});

test.run();
