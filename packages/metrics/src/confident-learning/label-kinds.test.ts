import { VogError } from '@vogjs/base';
import { confidentJoint, errorsOf, labelIssues } from '@vogjs/statistics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folds } from './folds.js';

const test = suite('labels of every kind');
const probabilities = { data: Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.85, 0.15, 0.3, 0.7, 0.95, 0.05), shape: [5, 2] };
const indices = [0, 1, 0, 1, 1];

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    return error instanceof VogError ? error.code : String(error);
  }
}

test('names, booleans, bigints and signs give what indices give', () => {
  const forms = [
    indices.map((label) => ['ant', 'bee'][label] as string),
    indices.map((label) => label === 1),
    indices.map(BigInt),
    indices.map((label) => 2 * label - 1),
    BigInt64Array.from(indices, BigInt),
  ];
  for (const form of forms) {
    assert.equal(labelIssues(probabilities, form), labelIssues(probabilities, indices));
    assert.equal(confidentJoint(probabilities, form), confidentJoint(probabilities, indices));
    assert.equal(folds(form, { count: 2 }), folds(indices, { count: 2 }));
  }
  const names = indices.map((label) => ['wolf', 'bear'][label] as string);
  assert.equal(
    labelIssues(probabilities, names, { classNames: ['wolf', 'bear'] }),
    labelIssues(probabilities, indices),
  );
  assert.is(
    codeOf(() => labelIssues(probabilities, ['a', 'b', 'c', 'a', 'b'])),
    'LABEL_INVALID',
  );
  assert.is(
    codeOf(() => labelIssues(probabilities, [0, true, 0, 1, 1])),
    'LABEL_INVALID',
  );
});

test('errorsOf compares classes, not their spelling, and refuses what can never agree', () => {
  assert.equal([...errorsOf([1n, 0n, 1n], [1, 1, 1])], [0, 1, 0]);
  assert.equal([...errorsOf(['a', 'b'], ['a', 'c'])], [0, 1]);
  assert.equal([...errorsOf([true, false], [true, true])], [0, 1]);
  assert.is(
    codeOf(() => errorsOf(['a'], [0])),
    'LABEL_INVALID',
  );
  assert.is(
    codeOf(() => errorsOf([0, 'a'], [0, 1])),
    'LABEL_INVALID',
  );
});

test.run();
