import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clopperPearson, overRepresentation } from './exact-tests.js';
import { assertClose, assertCode, freshRandom } from './golden.test.helper.js';

const test = suite('exact tests');

// From SciPy and mpmath: test/golden/exact_tests.py.
const golden = JSON.parse(readFileSync(new URL('exact-tests.golden.json', import.meta.url), 'utf8')) as {
  intervals: { successes: number; trials: number; confidence: number; low: number; high: number }[];
  tests: { count: number; part: number; kind: number; whole: number; over: number; under: number }[];
};

test("clopperPearson = SciPy's exact interval refined at 40 digits, from one trial to a million", () => {
  for (const { successes, trials, confidence, low, high } of golden.intervals) {
    const interval = clopperPearson(successes, trials, confidence);
    const what = `${successes} of ${trials} at ${confidence}`;
    assertClose(interval.low, low, `${what}, low`);
    assertClose(interval.high, high, `${what}, high`);
    assert.equal([interval.estimate, interval.confidence], [successes / trials, confidence]);
  }
});

test('successes and failures swapped mirror the interval; all or none end at 1 or 0', () => {
  const { low, high } = clopperPearson(17, 60);
  const mirrored = clopperPearson(43, 60);
  assertClose(mirrored.low, 1 - high, 'low', 1e-12);
  assertClose(mirrored.high, 1 - low, 'high', 1e-12);
  assert.is(clopperPearson(5, 5).high, 1);
  assert.is(clopperPearson(0, 5).low, 0);
  assertClose(clopperPearson(0, 5).high, 1 - 0.025 ** (1 / 5), 'none of five');
});

test('overRepresentation = the ways counted in whole numbers', () => {
  for (const { count, part, kind, whole, over, under } of golden.tests) {
    const { pOver, pUnder } = overRepresentation(count, part, kind, whole);
    const what = `${count} of ${part}, ${kind} of ${whole}`;
    assertClose(pOver, over, `${what}, over`, 1e-9);
    assertClose(pUnder, under, `${what}, under`, 1e-9);
  }
});

test('overRepresentation: part and kind may be swapped, and the two tails share the count itself', () => {
  const { seed, next } = freshRandom();
  const whole = 20 + Math.floor(next() * 40);
  const part = 1 + Math.floor(next() * (whole - 1));
  const kind = 1 + Math.floor(next() * (whole - 1));
  let before = 0;
  for (let count = Math.max(0, part + kind - whole); count <= Math.min(part, kind); count++) {
    const tails = overRepresentation(count, part, kind, whole);
    const swapped = overRepresentation(count, kind, part, whole);
    assert.ok(Math.abs(tails.pOver - swapped.pOver) < 1e-12, `seed ${seed}`);
    assert.ok(Math.abs(tails.pOver + before - 1) < 1e-12, `seed ${seed}: P(X >= k) + P(X < k) = 1`);
    before = tails.pUnder;
  }
});

test('counts that cannot be are refused', () => {
  assertCode('ARGUMENT_INVALID', () => clopperPearson(3, 2));
  assertCode('ARGUMENT_INVALID', () => clopperPearson(0, 0));
  assertCode('ARGUMENT_INVALID', () => clopperPearson(0.5, 2));
  assertCode('ARGUMENT_INVALID', () => clopperPearson(1, 2, 95));
  assertCode('ARGUMENT_INVALID', () => overRepresentation(4, 3, 5, 10));
  assertCode('ARGUMENT_INVALID', () => overRepresentation(0, 8, 5, 10));
  assertCode('ARGUMENT_INVALID', () => overRepresentation(1, 2, 11, 10));
});

test.run();
