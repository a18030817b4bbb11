import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dataIqGroups } from '../data-iq/groups.js';
import { confidentJoint, labelIssues } from '@vogjs/statistics';

// The right values of the first tests are cleanlab 2.9's.

const test = suite('confident learning and rounding');

test('the mean of equal float64 probabilities does not lie above them: the joint and the issue are found', () => {
  const rows = [...Array<number[]>(6).fill([0.7, 0.3]), ...Array<number[]>(7).fill([0.3, 0.7])];
  const labels = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0];
  const probabilities = { data: Float64Array.from(rows.flat()), shape: [13, 2] };
  assert.equal([...confidentJoint(probabilities, labels).counts], [6, 1, 0, 6]);
  assert.equal(
    labelIssues(probabilities, labels).map(({ index, proposed }) => [index, proposed]),
    [[12, 1]],
  );
});

test('n equal examples are all confident, for every n and p, in float64 and float32', () => {
  for (let n = 1; n <= 200; n++) {
    for (const p of [0.1, 0.35, 0.7, 0.9, 0.99, 1 / 3]) {
      for (const Values of [Float64Array, Float32Array]) {
        const data = new Values(2 * n).map((_, k) => (k % 2 === 0 ? p : 1 - p));
        const { counts, thresholds } = confidentJoint({ data, shape: [n, 2] }, new Int32Array(n));
        // Nobody is labelled 1: of that class nothing is confident.
        assert.equal([...counts], [n, 0, 0, 0], `${n} of ${p}`);
        assert.ok(Math.abs(thresholds[0]! - p) < 1e-6);
      }
    }
  }
});

test('a class that is never predicted, with a threshold of 0, takes no example that has probability 0', () => {
  const data = Float64Array.of(0.5, 0.5, 0, 0.9, 0.1, 0, 0.2, 0.8, 0);
  const { counts } = confidentJoint({ data, shape: [3, 3] }, [2, 0, 1]);
  assert.equal(
    [...counts],
    [0, 0, 0, 0, 0, 0, 0, 0, 0].map((_, k) => Number(k === 0 || k === 4)),
  );
});

test('7 of 10 confident ones among 45 are 31.5, which is 32 issues and not 31', () => {
  const rows = [
    ...Array<number[]>(3).fill([0.9, 0.05, 0.05]),
    ...Array<number[]>(7).fill([0.05, 0.9, 0.05]),
    ...Array<number[]>(35).fill([0.2, 0.3, 0.5]),
    [0, 0.9, 0.1],
  ];
  const probabilities = { data: Float64Array.from(rows.flat()), shape: [46, 3] };
  const labels = rows.map((_, example) => (example === 45 ? 1 : 0));
  const { counts, calibrated } = confidentJoint(probabilities, labels);
  assert.equal([...counts], [3, 7, 0, 0, 1, 0, 0, 0, 0]);
  assert.equal([...calibrated].slice(0, 3), [13.5, 31.5, 0]);
  for (const method of ['pruneByClass', 'pruneByNoiseRate'] as const) {
    assert.is(labelIssues(probabilities, labels, { method }).length, 32, method);
  }
});

test('Data-IQ: a confidence that is 3/4 but for float32, and a percentile that falls on an example, are on the near side', () => {
  const above = Math.fround(0.75) + 2 ** -24;
  const columns = { aleatoric: [0.1, 0.1, 0.1, 0.1], confidence: [above, 0.75 - 2 ** -24, 0.25 + 2 ** -24, 0.5] };
  assert.equal(dataIqGroups(columns), ['easy', 'easy', 'hard', 'ambiguous']);
  // 0.29 * 100 is 28.999999999999996: the example at rank 29 must not lie above its own percentile.
  const aleatoric = Float64Array.from({ length: 101 }, (_, example) => (example + 1) / 1000);
  const groups = dataIqGroups({ aleatoric, confidence: new Float64Array(101).fill(1) }, { percentile: 29 });
  assert.is(groups.filter((group) => group === 'easy').length, 30);
  assert.is(groups[29], 'easy');
});

test.run();
