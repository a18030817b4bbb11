import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareOod } from './comparison.js';
import { evaluateOod } from './evaluation.js';
import { assertClose, assertCode, fixedDraws, freshRandom } from './ood.test.helper.js';
import { type SeededRandom, VogError } from '@vogjs/base';

const test = suite('compareOod');

/** Two detectors that see the same thing, the second with more noise of its own. */
function twoDetectors(random: SeededRandom, noise: number) {
  const sides = (size: number, mean: number) => {
    const seen = Array.from({ length: size }, () => mean + random.normal());
    return [seen.map((value) => value + 0.3 * random.normal()), seen.map((value) => value + noise * random.normal())];
  };
  const [inA, inB] = sides(120, 1);
  const [outA, outB] = sides(90, 0);
  return { a: { in: inA!, out: outA! }, b: { in: inB!, out: outB! } };
}

test('estimates are those of evaluateOod, differences are theirs, under any conventions', () => {
  const { seed, random } = freshRandom();
  const detectors = twoDetectors(random, 1);
  for (const preset of ['vog', 'odin', 'openood', 'outlier-exposure'] as const) {
    const compared = compareOod(detectors, { preset, resamples: 20 });
    assert.is(compared.reference, 'a');
    assert.is(compared.detectors['a']!.difference, null);
    for (const name of ['a', 'b'] as const) {
      const { evaluation, intervals } = compared.detectors[name]!;
      assert.equal(evaluation, evaluateOod(detectors[name].in, detectors[name].out, { preset }));
      for (const figure of ['auroc', 'auprIn', 'auprOut', 'fprAtTpr', 'detectionError'] as const) {
        assertClose(intervals[figure].estimate, evaluation[figure], `${figure}, ${preset}, seed ${seed}`);
        assert.ok(intervals[figure].low <= intervals[figure].high);
      }
    }
    const { difference, evaluation } = compared.detectors['b']!;
    assertClose(difference!.auroc.estimate, evaluation.auroc - compared.detectors['a']!.evaluation.auroc, 'difference');
  }
});

test('a detector against itself differs by exactly nothing in every resample', () => {
  const { random } = freshRandom();
  const { a } = twoDetectors(random, 1);
  const { difference } = compareOod({ a, same: a }, { resamples: 50 }).detectors['same']!;
  for (const { low, high } of Object.values(difference!)) assert.equal([low, high], [0, 0]);
});

test('the same examples for every detector: the paired interval is narrower than that of independent sides', () => {
  for (const { seed, random } of fixedDraws()) {
    const { detectors } = compareOod(twoDetectors(random, 0.4), { resamples: 300 });
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    const { intervals, difference } = detectors['b']!;
    const apart = Math.hypot(width(intervals.auroc), width(detectors['a']!.intervals.auroc));
    assert.ok(width(difference!.auroc) < 0.8 * apart, `seed ${seed}`);
  }
});

test('a seed decides all; both methods; the reference may be named', () => {
  const { random } = freshRandom();
  const detectors = twoDetectors(random, 2);
  const options = { resamples: 100, method: 'bca', reference: 'b', level: 0.9 } as const;
  const first = compareOod(detectors, { ...options, seed: 7 });
  assert.equal(compareOod(detectors, { ...options, seed: 7 }), first);
  assert.not.equal(compareOod(detectors, { ...options, seed: 8 }), first);
  assert.equal([first.reference, first.detectors['b']!.difference], ['b', null]);
  assert.equal(Object.keys(first.detectors), ['a', 'b'], 'in the order given');
  const { method, level, seed } = first.detectors['a']!.difference!.auroc;
  assert.equal([method, level, seed], ['bca', 0.9, 7]);
});

test('the standard error of AUROC is that of Hanley and McNeil, within the spread of both', () => {
  for (const { seed, random } of fixedDraws()) {
    const { a } = twoDetectors(random, 1);
    const { evaluation, intervals } = compareOod({ a }, { resamples: 1000 }).detectors['a']!;
    const { auroc } = evaluation;
    const [q1, q2] = [auroc / (2 - auroc), (2 * auroc ** 2) / (1 + auroc)];
    const variance = (auroc * (1 - auroc) + 119 * (q1 - auroc ** 2) + 89 * (q2 - auroc ** 2)) / (120 * 90);
    const ratio = intervals.auroc.standardError / Math.sqrt(variance);
    assert.ok(ratio > 0.75 && ratio < 1.35, `${ratio}, seed ${seed}`);
  }
});

test('detectors on unlike examples, an unknown reference, none at all and bad options are refused', () => {
  const a = { in: [1, 2], out: [0, 1] };
  assertCode('PROBE_MISMATCH', () => compareOod({ a, b: { in: [1, 2, 3], out: [0, 1] } }));
  assertCode('PROBE_MISMATCH', () => compareOod({ a, b: { in: [1], out: [0, 1, 2] } }));
  assertCode('ARGUMENT_INVALID', () => compareOod({ a }, { reference: 'b' }));
  assertCode('ARGUMENT_INVALID', () => compareOod({}));
  assertCode('ARGUMENT_INVALID', () => compareOod({ a }, { resamples: 1 }));
  assertCode('ARGUMENT_INVALID', () => compareOod({ a }, { strata: [1] } as object));
  assertCode('INPUT_NOT_FINITE', () => compareOod({ a: { in: [NaN], out: [1] } }));
});

test('what is no record of detectors with two sides is refused by code', () => {
  const pair = { in: [1, 2], out: [0, 3] };
  for (const wrong of [
    undefined,
    null,
    5,
    'abc',
    [pair],
    { msp: null },
    { msp: 5 },
    { msp: [1] },
    { msp: { in: [1] } },
  ]) {
    assert.throws(
      () => compareOod(wrong as never),
      (error: unknown) => error instanceof VogError,
      JSON.stringify(wrong),
    );
  }
});

test.run();
