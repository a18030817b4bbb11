import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose, assertCode, freshRandom, golden } from './golden.test.support.js';
import { hypergeometricTail } from './hypergeometric.js';
import { percentileHistogram } from './percentile-histogram.js';

const test = suite('percentileHistogram');
const range = (n: number) => Array.from({ length: n }, (_, index) => index);

test('tails = exact sums of binomials, in the middle and far out, up to 60,000 examples', () => {
  for (const { population, members, drawn, observed, log_p: logP } of golden.hypergeometrics) {
    const actual = hypergeometricTail({ population, members, drawn, observed });
    const what = `P(X >= ${observed}) of ${members} in ${population}, ${drawn} drawn`;
    if (logP === 0) assert.equal(actual, { p: 1, logP: 0 }, what);
    else assertClose(actual.logP, logP, what, 1e-9);
    assert.is(actual.p, logP === 0 ? 1 : actual.p);
  }
});

test('the tail falls from 1 to 0 as more is asked for, and P(X >= x) + P(X <= x - 1) = 1', () => {
  const { seed, next } = freshRandom();
  for (let trial = 0; trial < 200; trial++) {
    const population = 2 + Math.floor(next() * 300);
    const [members, drawn] = [Math.floor(next() * (population + 1)), Math.floor(next() * (population + 1))];
    let before = 1;
    for (let observed = 0; observed <= Math.min(members, drawn); observed++) {
      const { p } = hypergeometricTail({ population, members, drawn, observed });
      assert.ok(p <= before + 1e-12, `seed ${seed}`);
      // The members that were not drawn.
      const rest = hypergeometricTail({
        population,
        members,
        drawn: population - drawn,
        observed: Math.min(members, population - drawn, members - observed + 1),
      }).p;
      const isWhole = members - observed + 1 > Math.min(members, population - drawn);
      assert.ok(Math.abs(p + (isWhole ? 0 : rest) - 1) < 1e-9, `seed ${seed}: ${p} + ${rest}`);
      before = p;
    }
  }
});

test('shares: members of the hard end, whichever end of the score that is', () => {
  const values = range(100);
  const isMember = values.map((value) => value >= 80);
  const high = percentileHistogram({ values, hardDirection: 'high' }, isMember);
  assert.equal(
    high.bins.map(({ from, to, count, members, share }) => [from, to, count, members, share]),
    [
      [0, 25, 25, 0, 0],
      [25, 50, 25, 0, 0],
      [50, 75, 25, 0, 0],
      [75, 100, 25, 20, 100],
    ],
  );
  assert.ok((high.bins[3]?.over.p ?? 1) < 1e-14 && high.bins[3]?.under.p === 1);
  assert.ok((high.bins[0]?.under.p ?? 1) < 0.01 && high.bins[0]?.over.p === 1);
  const low = percentileHistogram({ values, hardDirection: 'low' }, isMember);
  assert.equal(
    low.bins.map(({ share }) => share),
    [100, 0, 0, 0],
  );
  assert.equal([low.population, low.members, low.hardDirection], [100, 20, 'low']);
});

test('tied scores are shared out evenly, and the p-values never gain from it', () => {
  const flags = range(8).map((index) => index < 3);
  const tied = percentileHistogram({ values: range(8).fill(1), hardDirection: 'high' }, flags);
  assert.equal(
    tied.bins.map(({ members }) => members),
    [0.75, 0.75, 0.75, 0.75],
  );
  for (const { over, under } of tied.bins) {
    assert.is(over.p, 1);
    assert.is(under.p, 1 - (3 * 2) / (8 * 7));
  }
});

test('over a score that knows nothing, p-values at 5 % come at most 5 % of the time', () => {
  const { seed, next } = freshRandom();
  let significant = 0;
  for (let trial = 0; trial < 1000; trial++) {
    const values = range(60).map(next);
    const flags = range(60).map((index) => index < 20);
    const { bins } = percentileHistogram({ values, hardDirection: 'high' }, flags);
    significant += Number((bins[3]?.over.p ?? 1) <= 0.05);
  }
  // 50 expected at most; six standard deviations above is 91.
  assert.ok(significant < 92, `seed ${seed}: ${significant} of 1000`);
});

test('bad input is refused by code', () => {
  const values = range(8);
  const flags = values.map((value) => value > 3);
  const high = 'high' as const;
  const run = (scores: number[], isMember: boolean[], bins?: number) => () =>
    percentileHistogram({ values: scores, hardDirection: high }, isMember, bins === undefined ? {} : { bins });
  assertCode('ARGUMENT_INVALID', run(values, flags, 0));
  assertCode('SAMPLE_TOO_SMALL', run(values, flags, 9));
  assertCode('PROBE_MISMATCH', run(values, flags.slice(1)));
  assertCode('INPUT_NOT_FINITE', run([...values.slice(1), Number.NaN], flags));
  assertCode(
    'ARGUMENT_INVALID',
    run(
      values,
      values.map(() => false),
    ),
  );
  assertCode(
    'ARGUMENT_INVALID',
    run(
      values,
      values.map(() => true),
    ),
  );
  const draw = { population: 10, members: 4, drawn: 5, observed: 2 };
  assertCode('ARGUMENT_INVALID', () => hypergeometricTail({ ...draw, observed: 1.5 }));
  assertCode('ARGUMENT_INVALID', () => hypergeometricTail({ ...draw, drawn: -1 }));
  assertCode('ARGUMENT_INVALID', () => hypergeometricTail({ ...draw, members: 11 }));
  assertCode('ARGUMENT_INVALID', () => hypergeometricTail({ ...draw, observed: 5 }));
});

test.run();
