import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluateOod, type OodEvaluation } from './evaluation.js';
import { assertClose, assertCode, freshRandom, golden, randomSides } from './ood.test.helper.js';
import { oodPresets } from './presets.js';

const test = suite('evaluateOod');
const ins = [9, 8, 8, 7, 5, 5, 4, 6];
const outs = [8, 5, 5, 3, 2, 1];
const figures = ({ auroc, auprIn, auprOut, fprAtTpr, detectionError }: OodEvaluation) => [
  auroc,
  auprIn,
  auprOut,
  fprAtTpr,
  detectionError,
];

test('the fixture of the definitions, figure by figure', () => {
  const result = evaluateOod(ins, outs);
  const rounded = (value: number) => Number(value.toFixed(7));
  assert.is(rounded(result.auroc), 0.7916667);
  assert.is(rounded(result.auprIn), 0.7825758);
  assert.is(rounded(result.auprOut), 0.7852564);
  assert.is(result.fprAtTpr, 0.5);
  assert.is(evaluateOod(ins, outs, { positive: 'ood' }).fprAtTpr, 0.875);
  assert.is(result.detectionError, 0.25);
  assert.is(rounded(evaluateOod(ins, outs, { prior: 'empirical' }).detectionError), 0.2142857);
  const trapezoid = evaluateOod(ins, outs, { interpolation: 'trapezoid' });
  assert.equal([rounded(trapezoid.auprIn), rounded(trapezoid.auprOut)], [0.8235795, 0.8092949]);
  assert.equal(
    [rounded(result.base.auprIn), rounded(result.base.auprOut), result.base.auroc],
    [0.5714286, 0.4285714, 0.5],
  );
  assert.equal(result.counts, { in: 8, out: 6, distinct: 9 });
});

test('every figure under every convention = scikit-learn and brute force', () => {
  for (const { name, in: inside, out, ...expected } of golden.cases) {
    for (const interpolation of ['average-precision', 'trapezoid', 'balanced'] as const) {
      const { auroc, auprIn, auprOut } = evaluateOod(inside, out, { interpolation });
      assertClose(auroc, expected.auroc, `${name}: AUROC`);
      assertClose(auprIn, expected.aupr_in[interpolation], `${name}: AUPR-In, ${interpolation}`);
      assertClose(auprOut, expected.aupr_out[interpolation], `${name}: AUPR-Out, ${interpolation}`);
    }
    for (const prior of ['balanced', 'empirical'] as const) {
      const { detectionError } = evaluateOod(inside, out, { prior });
      assertClose(detectionError, expected.detection_error[prior], `${name}: detection error, ${prior}`);
    }
    for (const { tpr, ...rates } of expected.fpr) {
      const fpr = (positive: 'in' | 'ood', tprRule: 'reached' | 'nearest') =>
        evaluateOod(inside, out, { tpr, positive, tprRule }).fprAtTpr;
      assertClose(fpr('in', 'reached'), rates.in, `${name}: FPR at ${tpr}, in`);
      assertClose(fpr('ood', 'reached'), rates.ood, `${name}: FPR at ${tpr}, ood`);
      assertClose(fpr('in', 'nearest'), rates.nearest_in, `${name}: FPR nearest ${tpr}, in`);
      assertClose(fpr('ood', 'nearest'), rates.nearest_ood, `${name}: FPR nearest ${tpr}, ood`);
    }
  }
});

test('a preset = its options one by one, and is named in the result', () => {
  for (const preset of ['vog', 'odin', 'openood', 'outlier-exposure'] as const) {
    const { preset: named, ...rest } = evaluateOod(ins, outs, { preset });
    assert.is(named, preset);
    assert.equal({ ...rest, preset: null }, evaluateOod(ins, outs, oodPresets[preset]));
  }
  const { preset, ...vog } = evaluateOod(ins, outs, { preset: 'vog' });
  assert.equal({ ...vog, preset: null }, evaluateOod(ins, outs), `${preset} is the default`);
});

test("the preset 'odin' is what a scan of 100,000 thresholds approximates", () => {
  const { in: inside, out, ...grid } = golden.odinGrid;
  const result = evaluateOod(inside, out, { preset: 'odin' });
  assertClose(result.fprAtTpr, grid.fpr, 'FPR', 1e-3);
  assertClose(result.auprIn, grid.aupr_in, 'AUPR-In', 1e-3);
  assertClose(result.auprOut, grid.aupr_out, 'AUPR-Out', 1e-3);
  assertClose(result.detectionError, grid.detection_error, 'detection error', 1e-3);
  assert.equal(result.base, { auroc: 0.5, auprIn: 0.5, auprOut: 0.5 });
});

test('nothing changes under a strictly rising map of the scores', () => {
  const { seed, random } = freshRandom();
  for (let round = 0; round < 20; round++) {
    const sides = randomSides(random);
    const map = (value: number) => Math.exp(value) - 7 + (value > 0.25 ? 1e6 : 0);
    for (const preset of ['vog', 'odin', 'openood', 'outlier-exposure'] as const) {
      assert.equal(
        figures(evaluateOod(sides.ins.map(map), sides.outs.map(map), { preset })),
        figures(evaluateOod(sides.ins, sides.outs, { preset })),
        `seed ${seed}, round ${round}, ${preset}`,
      );
    }
  }
});

test('swapping the sides and the direction swaps AUPR-In and AUPR-Out; without the direction, AUROC = 1 - AUROC', () => {
  const { seed, random } = freshRandom();
  for (let round = 0; round < 20; round++) {
    const sides = randomSides(random);
    const at = `seed ${seed}, round ${round}`;
    const straight = evaluateOod(sides.ins, sides.outs);
    const swapped = evaluateOod(sides.outs, sides.ins, { oodDirection: 'high', positive: 'ood' });
    assert.equal(
      figures(swapped),
      [straight.auroc, straight.auprOut, straight.auprIn, straight.fprAtTpr, swapped.detectionError],
      at,
    );
    assertClose(evaluateOod(sides.outs, sides.ins).auroc, 1 - straight.auroc, at, 1e-15);
  }
});

test('a score whose OoD end is high = its negation whose OoD end is low, thresholds negated', () => {
  const { seed, random } = freshRandom();
  const sides = randomSides(random);
  const negative = (values: number[]) => values.map((value) => -value);
  const low = evaluateOod(sides.ins, sides.outs);
  const high = evaluateOod(negative(sides.ins), negative(sides.outs), { oodDirection: 'high' });
  const thresholds = { atTpr: 0 - high.thresholds.atTpr, detectionError: 0 - high.thresholds.detectionError };
  assert.equal({ ...high, thresholds, oodDirection: 'low' }, low, `seed ${seed}`);
});

test('the thresholds give the rates that the figures claim, in either direction', () => {
  const { seed, random } = freshRandom();
  for (const oodDirection of ['low', 'high'] as const) {
    const { ins, outs } = randomSides(random);
    const isIn = (threshold: number) => (value: number) =>
      oodDirection === 'low' ? value >= threshold : value <= threshold;
    const isOut = (threshold: number) => (value: number) =>
      oodDirection === 'low' ? value <= threshold : value >= threshold;
    const share = (values: number[], test: (value: number) => boolean) => values.filter(test).length / values.length;
    const inPositive = evaluateOod(ins, outs, { oodDirection });
    const { atTpr, detectionError: cut } = inPositive.thresholds;
    assert.is(share(ins, isIn(atTpr)), inPositive.achievedTpr, `seed ${seed}`);
    assert.is(share(outs, isIn(atTpr)), inPositive.fprAtTpr, `seed ${seed}`);
    assertClose((1 - share(ins, isIn(cut)) + share(outs, isIn(cut))) / 2, inPositive.detectionError, `seed ${seed}`);
    const oodPositive = evaluateOod(ins, outs, { oodDirection, positive: 'ood' });
    assert.is(share(outs, isOut(oodPositive.thresholds.atTpr)), oodPositive.achievedTpr, `seed ${seed}`);
    assert.is(share(ins, isOut(oodPositive.thresholds.atTpr)), oodPositive.fprAtTpr, `seed ${seed}`);
  }
});

test('infinities rank, -0 ties with 0, and a tied pair counts half', () => {
  const finite = evaluateOod([4, 2, 1], [4, 0, 2]);
  assert.equal(figures(evaluateOod([Infinity, 0, -1], [Infinity, -Infinity, -0])), figures(finite));
  assert.equal(finite.counts, { in: 3, out: 3, distinct: 4 });
  assertClose(finite.ties.pairs, 2 / 9, 'tied pairs');
  assertClose(finite.ties.duplicates, 1 / 3, 'duplicates');
  assert.is(evaluateOod([1, 1], [1]).auroc, 0.5);
});

test('warnings: a suspicious sign, sides of unlike size, scores that tie; none of them where there is no cause', () => {
  const codes = (...input: Parameters<typeof evaluateOod>) => evaluateOod(...input).warnings.map(({ code }) => code);
  const rise = (size: number, from = 0) => Array.from({ length: size }, (_, index) => from + index);
  assert.equal(codes(rise(10, 5), rise(10, 0.5)), []);
  assert.equal(codes(rise(10, 0.5), rise(10, 5)), ['AUROC_BELOW_HALF']);
  assert.equal(codes(rise(50, 5), rise(10, 0.5)), ['BASE_RATE_UNBALANCED']);
  assert.equal(codes(rise(50, 5), rise(10, 0.5), { interpolation: 'balanced' }), []);
  assert.equal(codes([1, 1, 1, 2, 3], [0, 0, 0.5]), ['SCORES_TIED']);
});

test('scores of a detector bring their direction; what contradicts it is refused', () => {
  const scored = (values: number[], detector = 'knn', oodDirection: 'high' | 'low' = 'high') => ({
    values: Float32Array.from(values),
    oodDirection,
    detector,
  });
  const result = evaluateOod(scored([1, 2, 3]), scored([3, 4, 5]));
  assert.equal([result.auroc > 0.9, result.oodDirection, result.detector], [true, 'high', 'knn']);
  assert.equal(evaluateOod(scored([1]), scored([3]), { oodDirection: 'high' }).auroc, 1);
  assertCode('ARGUMENT_INVALID', () => evaluateOod(scored([1]), scored([2]), { oodDirection: 'low' }));
  assertCode('ARGUMENT_INVALID', () => evaluateOod(scored([1]), scored([2], 'vim')));
  assertCode('ARGUMENT_INVALID', () => evaluateOod(scored([1]), scored([2], 'knn', 'low')));
  assertCode('ARGUMENT_INVALID', () => evaluateOod(scored([1]), [2]));
});

test('NaN, an empty side, holes, unknown options and contradictory presets are refused', () => {
  assertCode('INPUT_NOT_FINITE', () => evaluateOod([1, NaN], [1]));
  assertCode('INPUT_NOT_FINITE', () => evaluateOod([1], [1, undefined as unknown as number]));
  assertCode('SAMPLE_TOO_SMALL', () => evaluateOod([], [1]));
  assertCode('SAMPLE_TOO_SMALL', () => evaluateOod([1], new Float32Array(0)));
  assertCode('ARGUMENT_INVALID', () => evaluateOod(undefined as unknown as number[], [1]));
  assertCode('ARGUMENT_INVALID', () => evaluateOod([1], [0], { tpr: 95 }));
  assertCode('ARGUMENT_INVALID', () => evaluateOod([1], [0], { tpr: 0 }));
  assertCode('ARGUMENT_INVALID', () => evaluateOod([1], [0], { positive: 'out' as 'ood' }));
  assertCode('ARGUMENT_INVALID', () => evaluateOod([1], [0], { oodDirection: 'up' as 'high' }));
  assertCode('ARGUMENT_INVALID', () => evaluateOod([1], [0], { preset: 'osr' as 'odin' }));
  assertCode('ARGUMENT_INVALID', () => evaluateOod([1], [0], { preset: 'odin', tpr: 0.9 }));
  assertCode('ARGUMENT_INVALID', () => evaluateOod([1], [0], { threshold: 3 } as object));
});

test('equal detection errors at several thresholds: the highest is taken, whatever the sizes of the sides', () => {
  // Every threshold between two levels of this ladder errs on k of n in-distribution and n - k of n other examples.
  for (let size = 2; size <= 40; size++) {
    for (const times of [1, 3, 7]) {
      const ladder = Array.from({ length: size }, (_, index) => index);
      const outScores = ladder.flatMap((value) => new Array<number>(times).fill(value));
      for (const prior of ['balanced', 'empirical'] as const) {
        const { thresholds, detectionError } = evaluateOod(ladder, outScores, { prior });
        assert.is(detectionError, prior === 'balanced' ? 0.5 : 1 / (1 + times));
        assert.is(thresholds.detectionError, Infinity, `${size} and ${times}, ${prior}`);
      }
    }
  }
});

test('a TPR that was computed is reached as its decimal is: 0.1 + 0.2 is 3 of 10', () => {
  const ten = Array.from({ length: 10 }, (_, index) => index);
  for (const [computed, decimal] of [
    [0.1 + 0.2, 0.3],
    [1 - 0.9, 0.1],
    [0.7 + 0.1, 0.8],
    [0.1 * 7, 0.7],
  ] as const) {
    for (const positive of ['in', 'ood'] as const) {
      const { thresholds, achievedTpr } = evaluateOod(ten, ten, { tpr: computed, positive });
      const expected = evaluateOod(ten, ten, { tpr: decimal, positive });
      assert.equal([thresholds, achievedTpr], [expected.thresholds, expected.achievedTpr], `${computed}, ${positive}`);
      assert.is(achievedTpr, decimal);
    }
  }
});

test.run();
