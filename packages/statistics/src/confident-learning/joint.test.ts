import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose as assertNumber } from '../golden.test.helper.js';
import { confidentJoint } from './joint.js';
import { labelIssues } from './label-issues.js';

const test = suite('confident joint');
const assertClose = (found: ArrayLike<number>, expected: readonly number[], what: string): void =>
  expected.forEach((value, i) => assertNumber(found[i]!, value, what, 1e-6));

test('confident joint and label issues of five examples, by hand', () => {
  const data = Float32Array.of(0.9, 0.1, 0.7, 0.3, 0.2, 0.8, 0.25, 0.75, 0.1, 0.9);
  const probabilities = { data, shape: [5, 2] };
  const labels = [0, 0, 0, 1, 1];
  const { thresholds, counts, calibrated } = confidentJoint(probabilities, labels);
  assertClose(thresholds, [0.6, 0.825], 'thresholds');
  // 0.8 and 0.75 do not reach 0.825: confidently nothing.
  assert.equal([...counts], [2, 0, 0, 1]);
  assert.equal([...calibrated], [3, 0, 0, 2]);
  assert.equal(labelIssues(probabilities, labels), []);
  const [issue, ...more] = labelIssues(probabilities, labels, { method: 'confusion' });
  assert.equal(more, []);
  assert.is(issue?.index, 2);
  assert.is(issue?.proposed, 1);
  assertClose([issue?.selfConfidence ?? NaN, issue?.normalisedMargin ?? NaN], [0.2, -0.6], 'issue');
});

test('a class that nobody is labelled with has no threshold; a row without a confident example counts as right', () => {
  // Class 2 is never given: 0.75 of it is confidently nothing. Example 2 reaches both other thresholds, 0 the higher.
  const data = Float32Array.of(0.5, 0, 0.5, 0.25, 0, 0.75, 0.5, 0.25, 0.25);
  const { thresholds, counts } = confidentJoint({ data, shape: [3, 3] }, [0, 0, 1]);
  assert.equal([...thresholds], [0.375, 0.25, NaN]);
  assert.equal([...counts], [1, 0, 0, 1, 0, 0, 0, 0, 0]);
  const { calibrated } = confidentJoint({ data: Float32Array.of(1, 0, 0, 1), shape: [2, 2] }, [0, 0]);
  assert.equal([...calibrated], [2, 0, 0, 0]);
});

test.run();
