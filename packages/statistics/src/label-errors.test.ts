import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seededRandom } from '@vogjs/base';
import { evaluateDetection } from './detection.js';
import { assertCode } from './golden.test.helper.js';
import { detectLabelErrors } from './label-errors.js';

const test = suite('label errors');
const labels = Int32Array.of(0, 1, 2, 0);
const scored = (metric: string, values: number[], hardDirection: 'high' | 'low' = 'high') => ({
  values,
  hardDirection,
  labels,
  metric,
  classNames: ['cat', 'dog', 'emu'],
  ids: ['a', 'b', 'c', 'd'],
});

test('one metric: suspects are its ranking, whichever end is hard', () => {
  const expected = ['c', 'a', 'd', 'b'];
  const up = detectLabelErrors(scored('vog', [3, 1, 9, 2]), { count: 4 });
  const down = detectLabelErrors(scored('aum', [-3, -1, -9, -2], 'low'), { count: 4 });
  assert.equal(
    [up, down].map((suspects) => suspects.map(({ id }) => id)),
    [expected, expected],
  );
  assert.equal(
    up.map(({ rank, index, percentile }) => [rank, index, percentile]),
    [
      [1, 2, 87.5],
      [2, 0, 62.5],
      [3, 3, 37.5],
      [4, 1, 12.5],
    ],
  );
  assert.match(up[0]!.reason, 'percentile 87.5 of difficulty by vog; no prediction');
});

test('several metrics: by the mean of percentiles, oriented; an example without one is judged by the others', () => {
  const vog = scored('vog', [4, 3, 2, 1]);
  const aum = scored('aum', [4, 1, 2, 3], 'low');
  const suspects = detectLabelErrors([vog, aum], { count: 2 });
  assert.equal(
    suspects.map(({ id, percentile }) => [id, percentile]),
    [
      ['b', (62.5 + 87.5) / 2],
      ['a', (87.5 + 12.5) / 2],
    ],
  );
  assert.equal(suspects[0]!.percentiles, { vog: 62.5, aum: 87.5 });
  assert.match(suspects[0]!.reason, 'mean percentile 75.0 of difficulty (vog 62.5, aum 87.5)');
  const partial = detectLabelErrors({ vog, aum: scored('aum', [NaN, 1, 2, 3], 'low') }, { share: 1 });
  assert.equal(partial.find(({ id }) => id === 'a')!.percentiles, { vog: 87.5 });
});

test('a proposal is the prediction where it differs from the label, else null with the reason', () => {
  const suspects = detectLabelErrors(scored('vog', [4, 3, 2, 1]), { count: 2, predictions: [2, 1, 0, 0] });
  assert.equal(
    suspects.map(({ givenClass, proposedLabel, proposedClass }) => [givenClass, proposedLabel, proposedClass]),
    [
      ['cat', 2, 'emu'],
      ['dog', null, null],
    ],
  );
  assert.match(suspects[0]!.reason, 'the model predicts emu, not cat');
  assert.match(suspects[1]!.reason, 'predicts the given label, dog');
});

test('probabilities propose their largest class, the given one on ties, and say how sure they are', () => {
  const probabilities = { data: [0.1, 0.8, 0.1, 0.4, 0.4, 0.2, 0.5, 0.3, 0.2, 1, 0, 0], shape: [4, 3] };
  const options = { share: 1, probabilities };
  const suspects = detectLabelErrors(scored('vog', [4, 3, 2, 1]), options);
  assert.equal(
    suspects.map(({ proposedLabel }) => proposedLabel),
    [1, null, 0, null],
  );
  assert.match(suspects[0]!.reason, 'the model predicts dog (p = 0.80), not cat (p = 0.10)');
  const proposed = detectLabelErrors(scored('vog', [4, 3, 2, 1]), { ...options, onlyProposed: true });
  assert.equal(
    proposed.map(({ rank, id }) => [rank, id]),
    [
      [1, 'a'],
      [2, 'c'],
    ],
  );
});

test('planted errors come first as often as evaluateDetection says', () => {
  const random = seededRandom(11);
  const size = 1000;
  const flags = Array.from({ length: size }, () => Number(random.uniform() < 0.1));
  const values = flags.map((flag) => random.normal() + 2 * flag);
  const scores = { values, hardDirection: 'high' as const, labels: new Int32Array(size) };
  const cut = evaluateDetection(scores, flags, { shares: [0.05] }).at[0]!;
  const suspects = detectLabelErrors(scores);
  assert.is(suspects.length, 50);
  assert.is(suspects.filter(({ index }) => flags[index] === 1).length, cut.hits);
  assert.ok(cut.precision > 5 * cut.random.precision);
});

test('contradictions, no labels, no scores, labels that are no class and other lengths are refused', () => {
  const vog = scored('vog', [4, 3, 2, 1]);
  const probabilities = { data: new Float32Array(12), shape: [4, 3] };
  for (const options of [
    { count: 1, share: 0.1 },
    { count: -1 },
    { share: 5 },
    { predictions: [0, 0, 0, 0], probabilities },
    { Count: 3 },
  ]) {
    assertCode('ARGUMENT_INVALID', () => detectLabelErrors(vog, options));
  }
  assertCode('ARGUMENT_INVALID', () => detectLabelErrors({ ...vog, labels: null }));
  assertCode('SAMPLE_TOO_SMALL', () => detectLabelErrors([]));
  assertCode('INPUT_NOT_FINITE', () => detectLabelErrors(scored('vog', [NaN, NaN, NaN, NaN])));
  assertCode('PROBE_MISMATCH', () => detectLabelErrors(vog, { predictions: [1] }));
  assertCode('PROBE_MISMATCH', () => detectLabelErrors([vog, { ...vog, ids: ['a', 'b', 'd', 'c'] }]));
  assertCode('LABEL_INVALID', () => detectLabelErrors(vog, { predictions: [1, 2, 0.5, 0] }));
  assertCode('INPUT_SHAPE', () => detectLabelErrors(vog, { probabilities: { data: [1, 0], shape: [1, 2] } }));
  const holed = { data: new Float32Array(12).fill(NaN), shape: [4, 3] };
  assertCode('INPUT_NOT_FINITE', () => detectLabelErrors(vog, { probabilities: holed }));
});

test.run();
