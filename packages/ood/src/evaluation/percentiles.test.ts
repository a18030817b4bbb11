import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose, assertCode, freshRandom, randomSides } from './ood.test.helper.js';
import { oodByPercentile } from './percentiles.js';

const test = suite('oodByPercentile');

test('quarters run from the most in-distribution to the most OoD, each with the chance of its count', () => {
  const { bins, counts } = oodByPercentile([8, 7, 6, 5], [4, 3, 2, 1]);
  assert.equal(
    bins.map(({ from, to, examples, out, share, expected }) => [from, to, examples, out, share, expected]),
    [
      [0, 0.25, 2, 0, 0, 0.25],
      [0.25, 0.5, 2, 0, 0, 0.25],
      [0.5, 0.75, 2, 2, 0.5, 0.25],
      [0.75, 1, 2, 2, 0.5, 0.25],
    ],
  );
  // Two of two drawn from four of eight: 4/8 * 3/7.
  assertClose(bins[3]!.pOver, 3 / 14, 'over', 1e-12);
  assertClose(bins[0]!.pUnder, 3 / 14, 'under', 1e-12);
  assert.equal(counts, { in: 4, out: 4 });
});

test('tied scores are spread over the bins they reach into, whatever their order; the direction turns the bins round', () => {
  const tied = oodByPercentile([1, 1, 1], [1], { bins: 2 });
  assert.equal(
    tied.bins.map(({ out, pOver }) => [out, pOver]),
    [
      [0.5, 1],
      [0.5, 1],
    ],
  );
  const { seed, random } = freshRandom();
  const { ins, outs } = randomSides(random);
  const outOf = (result: ReturnType<typeof oodByPercentile>) => result.bins.map(({ out }) => Math.round(out * 1e9));
  const low = oodByPercentile(ins, outs, { bins: 3 });
  assert.is(
    Math.round(low.bins.reduce((sum, { out }) => sum + out, 0) * 1e6),
    outs.length * 1e6,
    `every OoD example lies in one bin, seed ${seed}`,
  );
  const negative = (values: number[]) => values.toReversed().map((value) => -value);
  assert.equal(outOf(oodByPercentile(negative(ins), negative(outs), { bins: 3, oodDirection: 'high' })), outOf(low));
});

test('bins that cannot be, NaN and an empty side are refused', () => {
  assertCode('ARGUMENT_INVALID', () => oodByPercentile([1], [2], { bins: 3 }));
  assertCode('ARGUMENT_INVALID', () => oodByPercentile([1], [2], { bins: 1 }));
  assertCode('ARGUMENT_INVALID', () => oodByPercentile([1], [2], { quarters: 4 } as object));
  assertCode('INPUT_NOT_FINITE', () => oodByPercentile([NaN], [2]));
  assertCode('SAMPLE_TOO_SMALL', () => oodByPercentile([], [2]));
});

test.run();
