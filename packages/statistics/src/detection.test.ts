import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluateDetection } from './detection.js';
import { assertClose, assertCode, freshRandom, golden } from './golden.test.helper.js';

const test = suite('detection');
const high = (values: ArrayLike<number>) => ({ values, hardDirection: 'high' as const });
const low = (values: ArrayLike<number>) => ({ values, hardDirection: 'low' as const });

test('auroc and averagePrecision = scikit-learn, ties and all', () => {
  for (const { name, values, flags, auroc, average_precision: averagePrecision } of golden.detections) {
    const actual = evaluateDetection(high(values), flags);
    assertClose(actual.auroc, auroc, `AUROC, ${name}`);
    assertClose(actual.averagePrecision, averagePrecision, `average precision, ${name}`);
  }
});

test('auroc = the share of (flagged, other) pairs that are in order, ties half, counted one by one', () => {
  const { seed, next } = freshRandom();
  const values = Array.from({ length: 60 }, () => Math.floor(next() * 12));
  const flags = values.map((_, index) => index < 2 || next() < 0.3).map((flag, index) => flag && index !== 5);
  let wins = 0;
  let pairs = 0;
  values.forEach((value, i) =>
    values.forEach((other, j) => {
      if (!flags[i] || flags[j]) return;
      pairs++;
      wins += value > other ? 1 : value === other ? 0.5 : 0;
    }),
  );
  assert.is(evaluateDetection(high(values), flags).auroc, wins / pairs, `seed ${seed}`);
});

test('a score whose hard end is low equals its negation whose hard end is high; neither is flipped', () => {
  const { values, flags } = golden.detections.find(({ name }) => name === 'a score that points the wrong way')!;
  const wrong = evaluateDetection(high(values), flags);
  assert.ok(wrong.auroc < 0.5, 'a wrong direction shows as an AUROC below chance');
  const right = evaluateDetection(low(values), flags);
  assert.ok(Math.abs(right.auroc + wrong.auroc - 1) < 1e-15);
  assert.equal({ ...evaluateDetection(high(values.map((value) => -value)), flags), hardDirection: 'low' }, right);
});

test('precision and recall at k, with the random baseline beside: base rate and k / n', () => {
  const values = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0];
  const flags = [1, 0, 1, 0, 0, 0, 0, 0, 0, 0];
  const { at, baseRate, random, counts } = evaluateDetection(high(values), flags, { counts: [1, 2, 3, 10] });
  assert.equal(
    at.map(({ hits, precision, recall }) => [hits, precision, recall]),
    [
      [1, 1, 0.5],
      [1, 0.5, 0.5],
      [2, 2 / 3, 1],
      [2, 0.2, 1],
    ],
  );
  assert.equal(
    at.map((cut) => cut.random),
    [0.1, 0.2, 0.3, 1].map((recall) => ({ precision: 0.2, recall })),
  );
  assert.equal([baseRate, random], [0.2, { auroc: 0.5, averagePrecision: 0.2 }]);
  assert.equal(counts, { examples: 10, flagged: 2, rest: 8 });
});

test('k defaults to the base rate, 1 %, 5 % and 10 % of the examples', () => {
  const values = Array.from({ length: 200 }, (_, index) => index);
  const { at } = evaluateDetection(
    high(values),
    values.map((value) => value < 14),
  );
  assert.equal(
    at.map(({ k }) => k),
    [14, 2, 10, 20],
  );
});

test('a cut through ties finds what a random order of the tied examples would, whatever order they come in', () => {
  const values = [5, 1, 1, 1, 1];
  const first = evaluateDetection(high(values), [0, 1, 0, 0, 0], { counts: [2] }).at[0]!;
  const last = evaluateDetection(high(values), [0, 0, 0, 0, 1], { counts: [2] }).at[0]!;
  assert.is(first.hits, 0.25);
  assert.equal(first, last);
});

test('nothing changes under a rising map of the scores; infinities rank, and -0 ties with 0', () => {
  const values = [-Infinity, -2, -0, 0, 3, Infinity];
  const flags = [0, 1, 0, 1, 0, 1];
  const expected = evaluateDetection(high([0, 1, 2, 2, 3, 4]), flags);
  assert.equal(evaluateDetection(high(values), flags), expected);
});

test('NaN, no flag, only flags, odd lengths, odd flags and contradictory options are refused', () => {
  assertCode('INPUT_NOT_FINITE', () => evaluateDetection(high([1, NaN]), [1, 0]));
  assertCode('SAMPLE_TOO_SMALL', () => evaluateDetection(high([1, 2]), [0, 0]));
  assertCode('SAMPLE_TOO_SMALL', () => evaluateDetection(high([1, 2]), [true, true]));
  assertCode('SAMPLE_TOO_SMALL', () => evaluateDetection(high([]), []));
  assertCode('PROBE_MISMATCH', () => evaluateDetection(high([1, 2]), [1]));
  assertCode('ARGUMENT_INVALID', () => evaluateDetection(high([1, 2]), [3, 0]));
  assertCode('ARGUMENT_INVALID', () => evaluateDetection(high([1, 2]), [1, 0], { counts: [3] }));
  assertCode('ARGUMENT_INVALID', () => evaluateDetection(high([1, 2]), [1, 0], { shares: [5] }));
  assertCode('ARGUMENT_INVALID', () => evaluateDetection(high([1, 2]), [1, 0], { shares: [0.5], counts: [1] }));
  assertCode('ARGUMENT_INVALID', () => evaluateDetection({ values: [1, 2], hardDirection: 'up' as 'high' }, [1, 0]));
});

test.run();
