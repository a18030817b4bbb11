import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluateOod } from './evaluation.js';
import { keyOf, valueOf } from './histogram.js';
import { assertClose, assertCode, freshRandom, randomSides } from './ood.test.helper.js';
import { streamingOodEvaluation, type StreamedOodEvaluation, type StreamingOodOptions } from './streaming.js';

const test = suite('streamingOodEvaluation');
const figures = ['auroc', 'auprIn', 'auprOut', 'fprAtTpr', 'detectionError'] as const;

function streamed(ins: ArrayLike<number>, outs: ArrayLike<number>, options: StreamingOodOptions = {}) {
  const evaluation = streamingOodEvaluation(options);
  evaluation.push('in', ins);
  evaluation.push('out', outs);
  return evaluation;
}

test('keys order as the float32 values do, and lead back to them', () => {
  const { seed, random } = freshRandom();
  const values = [-Infinity, -3.4e38, -1, -1e-45, 0, 1e-45, 0.5, 1, 3.4e38, Infinity];
  for (let draw = 0; draw < 500; draw++) values.push(random.normal() * 10 ** (random.integer(40) - 20));
  const floats = [...new Set(values.map(Math.fround))].sort((x, y) => x - y);
  for (const [index, value] of floats.entries()) {
    assert.is(valueOf(keyOf(value)), value, `seed ${seed}`);
    if (index > 0) assert.ok(keyOf(value) > keyOf(floats[index - 1]!), `${value}, seed ${seed}`);
  }
});

test('while every distinct float32 has a bin, all of it = evaluateOod', () => {
  const { seed, random } = freshRandom();
  for (const preset of ['vog', 'odin', 'openood'] as const) {
    const sides = randomSides(random);
    const [ins, outs] = [Float32Array.from(sides.ins), Float32Array.from(sides.outs)];
    const { bounds, exact, counts, ...result } = streamed(ins, outs, { preset }).result();
    const { ties: _ties, counts: expectedCounts, ...expected } = evaluateOod(ins, outs, { preset });
    assert.equal(result, expected, `seed ${seed}`);
    assert.equal([counts.in, counts.out, counts.bins, exact], [ins.length, outs.length, expectedCounts.distinct, true]);
    for (const figure of figures) assert.equal(bounds[figure], { low: result[figure], high: result[figure] });
  }
});

test('the exact figures lie within the bounds, whatever the bins and the conventions', () => {
  const { seed, random } = freshRandom();
  let coarse = 0;
  for (let round = 0; round < 120; round++) {
    const { ins, outs } = randomSides(random, 1 + random.integer(300), 1 + random.integer(300));
    const options = {
      tpr: [0.3, 0.8, 0.95, 1][random.integer(4)]!,
      positive: (['in', 'ood'] as const)[random.integer(2)]!,
      interpolation: (['average-precision', 'trapezoid', 'balanced'] as const)[random.integer(3)]!,
      prior: (['balanced', 'empirical'] as const)[random.integer(2)]!,
      oodDirection: (['low', 'high'] as const)[random.integer(2)]!,
    };
    const bins = [2, 5, 20, 100, 400][random.integer(5)]!;
    const result = streamed(ins, outs, { ...options, bins }).result();
    const exact = evaluateOod(ins, outs, options);
    assert.ok(result.counts.bins <= bins);
    if (!result.exact) coarse++;
    for (const figure of figures) {
      const { low, high } = result.bounds[figure];
      const what = `${figure} ${JSON.stringify({ ...options, bins })}, round ${round}, seed ${seed}`;
      assert.ok(
        exact[figure] >= low - 1e-12 && exact[figure] <= high + 1e-12,
        `${exact[figure]} in [${low}, ${high}]: ${what}`,
      );
      assert.ok(result[figure] >= low - 1e-12 && result[figure] <= high + 1e-12, `its own value: ${what}`);
    }
  }
  assert.ok(coarse > 20, `bins were short in ${coarse} rounds`);
});

test('the bound of AUROC is half the shared pairs, and 4,096 bins hold 40,000 scores to a thousandth', () => {
  const { seed, random } = freshRandom();
  const ins = Float64Array.from({ length: 20_000 }, () => 1 + random.normal());
  const outs = Float64Array.from({ length: 20_000 }, () => random.normal());
  const { auroc, bounds, exact } = streamed(ins, outs, { bins: 4096 }).result();
  assert.is(exact, false);
  assertClose(bounds.auroc.high - auroc, auroc - bounds.auroc.low, 'symmetric', 1e-12);
  assert.ok(bounds.auroc.high - bounds.auroc.low < 1e-3, `${bounds.auroc.high - bounds.auroc.low}, seed ${seed}`);
});

test('merging is associative and commutative, and equals one stream in any order, to the last bit', () => {
  const { seed, random } = freshRandom();
  const options = { bins: 30 };
  const parts = Array.from({ length: 4 }, () => randomSides(random, 1 + random.integer(90)));
  const each = () => parts.map(({ ins, outs }) => streamed(ins, outs, options));
  const whole = streamed(
    parts.flatMap(({ ins }) => ins).reverse(),
    parts.flatMap(({ outs }) => outs),
    options,
  ).result();
  const merged = (order: (parts: ReturnType<typeof each>) => StreamedOodEvaluation) => order(each());
  const left = merged(([a, b, c, d]) => {
    a!.merge(b!);
    a!.merge(c!);
    a!.merge(d!);
    return a!.result();
  });
  const right = merged(([a, b, c, d]) => {
    c!.merge(d!);
    b!.merge(c!);
    b!.merge(a!);
    return b!.result();
  });
  assert.equal(left, whole, `seed ${seed}`);
  assert.equal(right, whole, `seed ${seed}`);
});

test('thresholds give the rates on the rounded scores, in either direction', () => {
  const { seed, random } = freshRandom();
  const ins = Float32Array.from({ length: 400 }, () => 1 + random.normal());
  const outs = Float32Array.from({ length: 300 }, () => random.normal());
  const share = (values: Float32Array, test: (value: number) => boolean) => values.filter(test).length / values.length;
  for (const oodDirection of ['low', 'high'] as const) {
    for (const positive of ['in', 'ood'] as const) {
      const { thresholds, achievedTpr, fprAtTpr } = streamed(ins, outs, { oodDirection, positive, bins: 50 }).result();
      const up = (oodDirection === 'low') === (positive === 'in');
      const isPositive = (value: number) => (up ? value >= thresholds.atTpr : value <= thresholds.atTpr);
      const [positives, negatives] = positive === 'in' ? [ins, outs] : [outs, ins];
      assert.is(share(positives, isPositive), achievedTpr, `seed ${seed}`);
      assert.is(share(negatives, isPositive), fprAtTpr, `seed ${seed}`);
    }
  }
});

test('infinities and values beyond float32 have bins at the ends', () => {
  const { auroc, bounds } = streamed([Infinity, 1e300, 2], [-Infinity, -1e300, 1], { bins: 2 }).result();
  assert.ok(bounds.auroc.low <= 1 && bounds.auroc.high >= 1 && auroc > 0.5);
});

test('NaN, an empty side, other detectors, other options and what cannot be bounded are refused', () => {
  assertCode('ARGUMENT_INVALID', () => streamingOodEvaluation({ bins: 1 }));
  assertCode('ARGUMENT_INVALID', () => streamingOodEvaluation({ preset: 'outlier-exposure' }));
  assertCode('ARGUMENT_INVALID', () => streamingOodEvaluation({ size: 3 } as object));
  const evaluation = streamingOodEvaluation();
  assertCode('SAMPLE_TOO_SMALL', () => evaluation.result());
  evaluation.push('in', { values: [1, 2], oodDirection: 'low', detector: 'msp' });
  assertCode('SAMPLE_TOO_SMALL', () => evaluation.result());
  assertCode('INPUT_NOT_FINITE', () => evaluation.push('out', { values: [NaN], oodDirection: 'low', detector: 'msp' }));
  assertCode('ARGUMENT_INVALID', () => evaluation.push('out', { values: [1], oodDirection: 'high', detector: 'msp' }));
  assertCode('ARGUMENT_INVALID', () => evaluation.push('out', { values: [1], oodDirection: 'low', detector: 'knn' }));
  assertCode('ARGUMENT_INVALID', () => evaluation.push('ood' as 'out', [1]));
  assertCode('STATE_MISMATCH', () => evaluation.merge(evaluation));
  assertCode('STATE_MISMATCH', () => evaluation.merge(streamingOodEvaluation({ bins: 5 })));
  assertCode('STATE_MISMATCH', () => evaluation.merge({} as typeof evaluation));
  evaluation.merge(streamingOodEvaluation());
  evaluation.push('out', { values: [0], oodDirection: 'low', detector: 'msp' });
  assert.is(evaluation.result().auroc, 1);
});

test.run();
