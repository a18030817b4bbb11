import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose, assertCode, freshRandom, golden } from './golden.test.helper.js';
import { rankAgreement } from './rank-agreement.js';

const test = suite('rank agreement');
const high = (values: ArrayLike<number>) => ({ values, hardDirection: 'high' as const });
const low = (values: ArrayLike<number>) => ({ values, hardDirection: 'low' as const });

test("spearman = SciPy's matrix of the oriented scores; topOverlap = the hardest k counted", () => {
  const { scores, hard_directions: directions, spearman, k, overlap_of_first_four: overlap } = golden.agreements;
  const named = scores.map((values, index) => ({ values, hardDirection: directions[index]! }));
  const actual = rankAgreement(named, { top: 0.1 });
  assert.is(actual.k, k);
  spearman.forEach((row, i) =>
    row.forEach((r, j) => assertClose(actual.spearman[i]![j]!, i === j ? 1 : r, `r[${i}][${j}]`)),
  );
  assert.equal(
    actual.topOverlap.slice(0, 4).map((row) => row.slice(0, 4)),
    overlap,
  );
});

test('a score and its negation with the other direction agree entirely; a reversed order does not at all', () => {
  const { seed, next } = freshRandom();
  const values = Array.from({ length: 100 }, next);
  const negated = values.map((value) => -value);
  const { spearman, topOverlap } = rankAgreement([high(values), low(negated), low(values)]);
  assert.equal([spearman[0]![1], topOverlap[0]![1]], [1, 1], `seed ${seed}`);
  assert.equal([spearman[0]![2], topOverlap[0]![2]], [-1, 0], `seed ${seed}`);
});

test('unrelated orders overlap by about k / n, the random baseline; the means are over pairs', () => {
  const { seed, next } = freshRandom();
  const runs = Array.from({ length: 6 }, () => high(Array.from({ length: 2000 }, next)));
  const agreement = rankAgreement(runs, { top: 0.2 });
  assert.is(agreement.randomOverlap, 0.2);
  assert.ok(Math.abs(agreement.meanTopOverlap - 0.2) < 0.03, `${agreement.meanTopOverlap}, seed ${seed}`);
  assert.ok(Math.abs(agreement.meanSpearman) < 0.04, `${agreement.meanSpearman}, seed ${seed}`);
});

test('tied examples at the cut count by expectation, so that the order of the data does not matter', () => {
  const first = rankAgreement([high([5, 1, 1, 1, 1]), high([5, 4, 3, 2, 1])], { top: 0.4 });
  const second = rankAgreement([high([5, 1, 1, 1, 1]), high([5, 1, 2, 3, 4])], { top: 0.4 });
  assert.is(first.topOverlap[0]![1], (1 + 0.25) / 2);
  assert.equal(first.topOverlap, second.topOverlap);
});

test('names: metric, metric.column, window where windows differ, numbered where alike, or the keys of a record', () => {
  const of = (metric: string, column: string, window: string) => ({ ...high([1, 2, 3]), metric, column, window });
  const list = [of('vog', 'vog', 'complete'), of('data-maps', 'confidence', 'complete'), of('vog', 'vog', 'complete')];
  assert.equal(rankAgreement(list).names, ['vog', 'data-maps.confidence', 'vog (2)']);
  assert.equal(rankAgreement([list[0]!, of('vog', 'vog', 'late')]).names, ['vog complete', 'vog late']);
  assert.equal(rankAgreement({ one: list[0]!, two: list[1]! }).names, ['one', 'two']);
});

test('a constant score has no correlation, NaN, and spoils no other pair; infinities rank', () => {
  const { spearman } = rankAgreement([high([1, 2, Infinity]), high([0, 0, 0]), high([-Infinity, 2, 3])]);
  assert.equal(spearman[0]![1], NaN);
  assert.is(spearman[0]![2], 1);
});

test('other examples, other lengths, NaN, one score and a share in percent are refused', () => {
  assertCode('PROBE_MISMATCH', () => rankAgreement([high([1, 2, 3]), high([1, 2])]));
  const ids = (...names: string[]) => ({ ...high([1, 2, 3]), ids: names });
  assertCode('PROBE_MISMATCH', () => rankAgreement([ids('a', 'b', 'c'), ids('a', 'c', 'b')]));
  assertCode('INPUT_NOT_FINITE', () => rankAgreement([high([1, 2, NaN]), high([1, 2, 3])]));
  assertCode('SAMPLE_TOO_SMALL', () => rankAgreement([high([1, 2, 3])]));
  assertCode('SAMPLE_TOO_SMALL', () => rankAgreement([high([1, 2]), high([1, 2])]));
  assertCode('ARGUMENT_INVALID', () => rankAgreement([high([1, 2, 3]), high([1, 2, 3])], { top: 10 }));
});

test.run();
