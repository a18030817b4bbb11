import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { benjaminiHochberg } from './false-discovery.js';
import { assertClose, assertCode, freshRandom, golden } from './golden.test.helper.js';

const test = suite('false discovery');

test('adjusted p = statsmodels and SciPy, ties and ends and all', () => {
  for (const { name, p, adjusted } of golden.false_discoveries) {
    benjaminiHochberg(p).forEach((value, index) => assertClose(value, adjusted[index]!, `${name}[${index}]`));
  }
});

test('adjusted log p at logarithms of -10,000 = 60 digits', () => {
  const { log_p: logP, adjusted } = golden.false_discoveries_from_logarithms;
  assert.ok(Math.min(...logP) < -2000, 'beyond float64');
  benjaminiHochberg(logP, { scale: 'log' }).forEach((value, index) =>
    assertClose(value, adjusted[index]!, `[${index}]`),
  );
});

test('log of the adjusted p = the adjusted log p; order follows p, and nothing gets smaller', () => {
  const { seed, next } = freshRandom();
  const p = Array.from({ length: 30 }, () => next() ** 4);
  const adjusted = benjaminiHochberg(p);
  const logarithms = benjaminiHochberg(p.map(Math.log), { scale: 'log' });
  for (const [index, value] of adjusted.entries()) {
    assertClose(Math.exp(logarithms[index]!), value, `seed ${seed}`);
    assert.ok(value >= p[index]! && value <= 1, `seed ${seed}`);
    p.forEach((other, j) => assert.ok(other < p[index]! ? adjusted[j]! <= value : true, `seed ${seed}`));
  }
});

test('of tests without any effect, a false discovery is made in about a share q of experiments', () => {
  const { seed, next } = freshRandom();
  let found = 0;
  const experiments = 2000;
  for (let run = 0; run < experiments; run++) {
    found += Number(benjaminiHochberg(Array.from({ length: 10 }, next)).some((value) => value <= 0.1));
  }
  // Exactly 0.1 for independent tests; seven binomial standard errors, which chance alone reaches once in 10^10 runs.
  assert.ok(Math.abs(found / experiments - 0.1) < 7 * Math.sqrt(0.09 / experiments), `${found}, seed ${seed}`);
});

test('what is not a probability is refused', () => {
  assertCode('SAMPLE_TOO_SMALL', () => benjaminiHochberg([]));
  for (const p of [-0.1, 1.1, NaN]) assertCode('ARGUMENT_INVALID', () => benjaminiHochberg([0.1, p]));
  for (const p of [0.1, NaN]) assertCode('ARGUMENT_INVALID', () => benjaminiHochberg([p], { scale: 'log' }));
  assertCode('ARGUMENT_INVALID', () => benjaminiHochberg([0.1], { scale: 'ln' as 'log' }));
});

test.run();
