import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pearson, spearman } from './correlation.js';
import { assertClose, assertCode, freshRandom, golden } from './golden.test.helper.js';

const test = suite('correlation');

test('pearson = scipy.stats.pearsonr, and its log p = mpmath at 60 digits', () => {
  for (const { name, x, y, pearson: expected } of golden.correlations) {
    const actual = pearson(x, y);
    assertClose(actual.r, expected.r, `r, ${name}`);
    assertClose(actual.logP, expected.log_p!, `log p, ${name}`);
    // One unit in the last place of a sample moves p by up to that over sqrt(1 - r^2), for whoever computes it.
    const conditioned = Math.max(1e-10, (20 * Number.EPSILON) / Math.sqrt(1 - expected.r ** 2));
    assertClose(actual.p, Math.exp(expected.log_p!), `p, ${name}`, conditioned);
    assert.is(actual.n, x.length);
  }
});

test("pearson's p = SciPy's wherever SciPy's own digits last", () => {
  const wellConditioned = golden.correlations.filter(({ pearson: { r } }) => Math.abs(r) < 0.999);
  assert.ok(wellConditioned.length >= 9);
  for (const { name, x, y, pearson: expected } of wellConditioned) assertClose(pearson(x, y).p, expected.p, name);
});

test('p near 1e-300 and log p far below it are both there', () => {
  const tail = golden.correlations.find(({ name }) => name === 'p near 1e-300')!;
  const actual = pearson(tail.x, tail.y);
  assert.ok(actual.p > 0 && actual.p < 1e-150, `p = ${actual.p}`);
  const beyond = golden.correlations.find(({ name }) => name === 'p beyond float64')!;
  assert.is(pearson(beyond.x, beyond.y).p, 0);
  assert.ok(pearson(beyond.x, beyond.y).logP < -745);
});

test('spearman = scipy.stats.spearmanr, with ties at mid-ranks', () => {
  for (const { name, x, y, spearman: expected } of golden.correlations) {
    const actual = spearman(x, y);
    assertClose(actual.r, expected.r, `r, ${name}`);
    if (expected.log_p === null) {
      assert.is(actual.p, 0, name);
    } else {
      assertClose(actual.logP, expected.log_p, `log p, ${name}`);
      assertClose(actual.p, expected.p, `p, ${name}`);
    }
  }
});

test('pearson(x, a x + b) = sign(a), with p = 0', () => {
  const { seed, next } = freshRandom();
  const x = Array.from({ length: 20 }, () => Math.round(next() * 1000));
  for (const a of [3, -0.5]) {
    const { r, p, logP } = pearson(
      x,
      x.map((value) => a * value + 7),
    );
    assert.equal([r, p, logP], [Math.sign(a), 0, -Infinity], `seed ${seed}`);
  }
});

test('spearman(x, f(x)) = 1 for every rising f', () => {
  const { seed, next } = freshRandom();
  const x = Array.from({ length: 50 }, () => next() * 20 - 10);
  assert.is(spearman(x, x.map(Math.exp)).r, 1, `seed ${seed}`);
});

test('two pairs, a constant, a NaN and unequal lengths are refused', () => {
  for (const correlate of [pearson, spearman]) {
    assertCode('SAMPLE_TOO_SMALL', () => correlate([1, 2], [1, 2]));
    assertCode('ARGUMENT_INVALID', () => correlate([1, 2, 3], [5, 5, 5]));
    assertCode('INPUT_NOT_FINITE', () => correlate([1, 2, NaN], [1, 2, 3]));
    assertCode('INPUT_NOT_FINITE', () => correlate([1, 2, 3], [1, 2, Infinity]));
    assertCode('PROBE_MISMATCH', () => correlate([1, 2, 3], [1, 2, 3, 4]));
  }
});

test.run();
