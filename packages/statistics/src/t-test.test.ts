import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose, assertCode, golden } from './golden.test.helper.js';
import { tTest, tTestFromStatistics, twoSided } from './t-test.js';

const test = suite('t-test');

test("Student's two-sided log p = mpmath at 60 digits, from p = 1 to p = 1e-200 and beyond", () => {
  for (const { t, degrees_of_freedom: v, log_p: expected } of golden.students) {
    const { p, logP } = twoSided(t, v);
    // Where p is near 1 it is p that carries the digits, not its logarithm near 0.
    if (expected < -0.1) assertClose(logP, expected, `log p, t = ${t}, v = ${v}`);
    assertClose(p, Math.exp(expected), `p, t = ${t}, v = ${v}`);
    assert.is(twoSided(-t, v).p, p);
  }
});

test('tTest = scipy.stats.ttest_ind and mpmath at 60 digits, Welch and pooled', () => {
  for (const { name, a, b, variances, t, df, log_p: logP, scipy } of golden.t_tests) {
    const actual = tTest(a, b, { variances });
    assertClose(actual.t, t, `t, ${name}, ${variances}`);
    assertClose(actual.degreesOfFreedom, df, `degrees of freedom, ${name}, ${variances}`);
    assertClose(actual.logP, logP, `log p, ${name}, ${variances}`);
    // SciPy's own mean and variance lose digits to a large offset (it warns of it); mpmath's above do not.
    const tolerance = name === 'an offset of a million' ? 1e-8 : 1e-10;
    assertClose(actual.t, scipy.t, `SciPy's t, ${name}, ${variances}`, tolerance);
    assertClose(actual.degreesOfFreedom, scipy.df, `SciPy's degrees of freedom, ${name}, ${variances}`, tolerance);
    assertClose(actual.p, scipy.p, `SciPy's p, ${name}, ${variances}`, tolerance);
    assert.equal([actual.first.n, actual.second.n, actual.variances], [a.length, b.length, variances]);
  }
});

test('the two tests of section C of the seed: p < 0.001 from means, deviations and sizes alone', () => {
  assert.is(golden.t_tests_from_statistics.length, 4);
  for (const { first, second, variances, t, df, log_p: logP, scipy_t: scipyT } of golden.t_tests_from_statistics) {
    const [one, two] = [first, second].map(([mean, std, n]) => ({ mean, std, n }));
    const actual = tTestFromStatistics(one!, two!, { variances });
    assertClose(actual.t, t, 't');
    assertClose(actual.t, scipyT, "SciPy's t");
    assertClose(actual.degreesOfFreedom, df, 'degrees of freedom');
    assertClose(actual.logP, logP, 'log p');
    assert.ok(actual.p < 0.001);
    assert.ok(actual.t < 0, 'the second population of the seed is the harder one');
    assert.equal([actual.first, actual.second], [one, two]);
  }
});

test('Welch is the default', () => {
  const a = [1, 2, 3, 4];
  const b = [2, 9, 30];
  assert.equal(tTest(a, b), tTest(a, b, { variances: 'unequal' }));
  assert.is.not(tTest(a, b).degreesOfFreedom, 5);
  assert.is(tTest(a, b, { variances: 'equal' }).degreesOfFreedom, 5);
});

test('tTest(a, b) and tTest(b, a) differ in the sign of t alone', () => {
  const forward = tTest([1, 5, 2], [4, 4.5, 9, 2]);
  const backward = tTest([4, 4.5, 9, 2], [1, 5, 2]);
  assert.is(forward.t, -backward.t);
  assert.is(forward.p, backward.p);
});

test('samples of one, constants on both sides, NaN and a negative deviation are refused', () => {
  assertCode('SAMPLE_TOO_SMALL', () => tTest([1], [1, 2]));
  assertCode('ARGUMENT_INVALID', () => tTest([0.1, 0.1, 0.1], [0.3, 0.3]));
  assertCode('INPUT_NOT_FINITE', () => tTest([1, NaN], [1, 2]));
  const sample = { mean: 1, std: 1, n: 5 };
  assertCode('ARGUMENT_INVALID', () => tTestFromStatistics(sample, { ...sample, std: -1 }));
  assertCode('ARGUMENT_INVALID', () => tTestFromStatistics(sample, { ...sample, n: 4.5 }));
  assertCode('SAMPLE_TOO_SMALL', () => tTestFromStatistics(sample, { ...sample, n: 1 }));
  assertCode('INPUT_NOT_FINITE', () => tTestFromStatistics(sample, { ...sample, mean: Infinity }));
  assertCode('ARGUMENT_INVALID', () => tTestFromStatistics(sample, sample, { variances: 'pooled' as 'equal' }));
});

test.run();
