import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { goldenFile } from '../golden.test.helper.js';
import { labelIssues, type LabelIssuesOptions } from '@vogjs/statistics';

interface Golden {
  readonly labelIssues: {
    readonly probabilities: number[][];
    readonly labels: number[];
    readonly found: Record<NonNullable<LabelIssuesOptions['method']>, number[]>;
  };
}

// Made with the golden values of the metric, whose probabilities these are.
const expected = goldenFile(import.meta.url, 'confident-learning') as Golden;
const test = suite('label issues');

test('label issues agree, in order, for each of the five methods, which all differ', () => {
  const { probabilities, labels: given, found } = expected.labelIssues;
  const shaped = { data: Float32Array.from(probabilities.flat()), shape: [given.length, 4] };
  const methods = Object.keys(found) as (keyof typeof found)[];
  assert.is(methods.length, 5);
  for (const method of methods) {
    const issues = labelIssues(shaped, given, { method });
    assert.equal(
      issues.map(({ index }) => index),
      found[method],
      method,
    );
    assert.ok(issues.every((issue) => issue.given === given[issue.index] && issue.proposed !== issue.given));
  }
});

test.run();
