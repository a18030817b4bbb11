import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clopperPearson } from '@vogjs/statistics';
import { evaluateOod } from '../evaluation/evaluation.js';
import { assertClose, assertCode, freshRandom } from '../evaluation/ood.test.helper.js';
import { calibrateThreshold } from './calibration.js';
import { decideOod } from './decision.js';
import { readThreshold } from './reading.js';

const test = suite('thresholds');
const rise = (size: number) => Array.from({ length: size }, (_, index) => index);

test('the threshold is the strictest that lets in the target; the interval is that of Clopper and Pearson', () => {
  const threshold = calibrateThreshold(rise(100));
  assert.is(threshold.threshold, 5);
  const { low, high } = clopperPearson(95, 100);
  assert.equal(threshold.tpr, { target: 0.95, achieved: 0.95, low, high, confidence: 0.95 });
  assert.is(calibrateThreshold(rise(101)).threshold, 5, '96 of 101: 95 would be too few');
  assert.is(calibrateThreshold([1, 1, 1, 2]).tpr.achieved, 1, 'ties are let in together');
  assert.is(calibrateThreshold(rise(10), { tpr: 1 }).threshold, 0);
});

test('calibrateThreshold and evaluateOod agree on the threshold, in either direction and on ties', () => {
  const { seed, random } = freshRandom();
  for (let round = 0; round < 60; round++) {
    const size = 1 + random.integer(80);
    const scores = Array.from({ length: size }, () => Math.round(6 * random.normal()) / (1 + random.integer(2)));
    const tpr = [0.5, 0.9, 0.95, 0.07, 1][random.integer(5)]!;
    for (const oodDirection of ['low', 'high'] as const) {
      const { threshold, tpr: rates } = calibrateThreshold(scores, { tpr, oodDirection });
      const evaluation = evaluateOod(scores, [0], { tpr, oodDirection });
      const at = `seed ${seed}, round ${round}`;
      assert.equal([threshold, rates.achieved], [evaluation.thresholds.atTpr, evaluation.achievedTpr], at);
      const decisions = decideOod(calibrateThreshold(scores, { tpr, oodDirection }), scores);
      assert.is(decisions.filter(({ isOod }) => !isOod).length / size, rates.achieved, at);
    }
  }
});

test("rule 'confident': the strictest threshold whose interval lies at or above the target", () => {
  const strict = calibrateThreshold(rise(1000));
  const sure = calibrateThreshold(rise(1000), { rule: 'confident' });
  assert.ok(strict.tpr.low < 0.95);
  assert.ok(sure.tpr.low >= 0.95 && sure.threshold < strict.threshold);
  const letIn = Math.round(sure.tpr.achieved * 1000);
  assert.ok(clopperPearson(letIn - 1, 1000).low < 0.95, 'one fewer would not do');
  assertCode('SAMPLE_TOO_SMALL', () => calibrateThreshold(rise(71), { rule: 'confident' }));
  assert.is(calibrateThreshold(rise(72), { rule: 'confident' }).tpr.achieved, 1, '72 is the least for 95 % at 95 %');
});

test("rule 'confident' keeps its promise: the true share let in falls short of the target in at most 2.5 % of calibrations", () => {
  const { seed, random } = freshRandom();
  const rounds = 400;
  let short = 0;
  for (let round = 0; round < rounds; round++) {
    const scores = Float64Array.from({ length: 150 }, () => random.uniform());
    // Of uniform scores, a threshold t lets in 1 - t.
    if (1 - calibrateThreshold(scores, { tpr: 0.9, rule: 'confident' }).threshold < 0.9) short++;
  }
  // Of 400 calibrations, 10 on average; 30 would be more than six standard deviations away.
  assert.ok(short < 30, `${short} of ${rounds} fell short, seed ${seed}`);
});

test('p-value = (1 + calibration scores at least as out) / (n + 1), counted one by one', () => {
  const { seed, random } = freshRandom();
  const calibration = Array.from({ length: 200 }, () => Math.round(30 * random.normal()) / 10);
  const scores = [
    ...Array.from({ length: 100 }, () => 2 * random.normal()),
    ...calibration,
    -1e9,
    1e9,
    Infinity,
    -Infinity,
  ];
  for (const oodDirection of ['low', 'high'] as const) {
    const threshold = calibrateThreshold(calibration, { oodDirection });
    for (const { score, pValue } of decideOod(threshold, scores)) {
      const asOut = calibration.filter((other) => (oodDirection === 'low' ? other <= score : other >= score)).length;
      assert.is(pValue, (1 + asOut) / 201, `${score}, seed ${seed}`);
    }
  }
});

test('of few kept points, p-values are exact in the tail, and elsewhere too large by less than the step between points', () => {
  const { seed, random } = freshRandom();
  for (const oodDirection of ['low', 'high'] as const) {
    const calibration = Array.from({ length: 3000 }, () => Math.round(1000 * random.normal()) / 1000);
    const scores = Array.from({ length: 500 }, () => 1.2 * random.normal());
    const all = decideOod(calibrateThreshold(calibration, { oodDirection, points: 3000 }), scores);
    const few = calibrateThreshold(calibration, { oodDirection, points: 100 });
    assert.is(few.calibration.scores.length, 100);
    const counts = [0, ...few.calibration.atLeastAsOut];
    const step = Math.max(...counts.slice(1).map((count, index) => count - counts[index]!));
    for (const [index, { pValue, score }] of decideOod(few, scores).entries()) {
      const exact = all[index]!.pValue;
      const at = `${score}: ${pValue} for ${exact}, seed ${seed}`;
      assert.ok(pValue >= exact && pValue - exact < step / 3001, at);
      if (exact <= counts[50]! / 3001) assert.is(pValue, exact, at);
    }
  }
});

test('of in-distribution examples, at most a share a has a p-value of at most a', () => {
  const { seed, random } = freshRandom();
  let rejected = 0;
  const rounds = 2000;
  for (let round = 0; round < rounds; round++) {
    const [score, ...calibration] = Array.from({ length: 40 }, () => random.normal());
    if (decideOod(calibrateThreshold(calibration), [score!])[0]!.pValue <= 0.1) rejected++;
  }
  // Exactly 4 of 40 ranks: 200 on average, standard deviation 13.4.
  assert.ok(rejected > 120 && rejected < 280, `${rejected} of ${rounds}, seed ${seed}`);
});

test('JSON keeps all of a threshold', () => {
  const scores = { values: Float32Array.of(3, 1, 2, 2), oodDirection: 'high' as const, detector: 'knn' };
  const threshold = calibrateThreshold(scores, { fittedState: 'knn.safetensors' });
  assert.equal(readThreshold(JSON.stringify(threshold)), threshold);
  assert.equal(readThreshold(JSON.parse(JSON.stringify(threshold))), threshold);
  assert.equal([threshold.detector, threshold.fittedState, threshold.oodDirection], ['knn', 'knn.safetensors', 'high']);
  assert.equal(threshold.calibration, { scores: [3, 2, 1], atLeastAsOut: [1, 3, 4], complete: 3 });
});

test('a threshold that is damaged, of another kind or from the future is refused, field by field', () => {
  const threshold = calibrateThreshold(rise(30));
  const { calibration, tpr } = threshold;
  const swapped = calibration.scores.toReversed();
  for (const damage of [
    { detector: 3 },
    { fittedState: 1 },
    { oodDirection: 'up' },
    { oodDirection: 'high' },
    { threshold: null },
    { rule: 'best' },
    { count: 29 },
    { count: 1.5 },
    { version: 0 },
    { tpr: null },
    { tpr: { ...tpr, low: 0.99 } },
    { tpr: { ...tpr, target: 95 } },
    { calibration: null },
    { calibration: { ...calibration, scores: swapped } },
    { calibration: { ...calibration, scores: [] } },
    { calibration: { ...calibration, atLeastAsOut: [1] } },
    { calibration: { ...calibration, complete: 31 } },
  ]) {
    assertCode('STATE_INVALID', () => readThreshold(JSON.stringify({ ...threshold, ...damage })));
  }
  assertCode('STATE_VERSION', () => readThreshold({ ...threshold, version: 2 }));
  assertCode('FORMAT_INVALID', () => readThreshold('{"format":'));
  assertCode('FORMAT_INVALID', () => readThreshold('[]'));
  assertCode('FORMAT_INVALID', () => readThreshold(undefined));
  assertCode('FORMAT_INVALID', () => readThreshold({ format: 'else' }));
});

test('scores of another detector or direction, NaN, infinities to calibrate on and bad options are refused', () => {
  const scored = { values: [1, 2, 3], oodDirection: 'low' as const, detector: 'energy' };
  const threshold = calibrateThreshold(scored);
  assert.is(decideOod(threshold, scored).length, 3);
  assert.equal(decideOod(threshold, []), []);
  assertCode('ARGUMENT_INVALID', () => decideOod(threshold, { ...scored, detector: 'msp' }));
  assertCode('ARGUMENT_INVALID', () => decideOod(threshold, { ...scored, oodDirection: 'high' }));
  assertCode('INPUT_NOT_FINITE', () => decideOod(threshold, [1, NaN]));
  assertCode('INPUT_NOT_FINITE', () => calibrateThreshold([1, Infinity]));
  assertCode('INPUT_NOT_FINITE', () => calibrateThreshold([NaN]));
  assertCode('SAMPLE_TOO_SMALL', () => calibrateThreshold([]));
  assertCode('ARGUMENT_INVALID', () => calibrateThreshold([1], { tpr: 95 }));
  assertCode('ARGUMENT_INVALID', () => calibrateThreshold([1], { confidence: 1 }));
  assertCode('ARGUMENT_INVALID', () => calibrateThreshold([1], { points: 1 }));
  assertCode('ARGUMENT_INVALID', () => calibrateThreshold([1], { rule: 'sure' as 'confident' }));
  assertCode('ARGUMENT_INVALID', () => calibrateThreshold([1], { rule: 'confident', tpr: 1 }));
  assertCode('ARGUMENT_INVALID', () => calibrateThreshold([1], { fittedState: 1 as unknown as string }));
  assertCode('ARGUMENT_INVALID', () => calibrateThreshold([1], { quantile: 0.05 } as object));
});

test('a decision is the score beyond the threshold, never on it', () => {
  const low = calibrateThreshold(rise(20));
  assert.equal(
    decideOod(low, [low.threshold, low.threshold - 1e-9, low.threshold + 1]).map(({ isOod }) => isOod),
    [false, true, false],
  );
  assertClose(decideOod(low, [-1])[0]!.pValue, 1 / 21, 'nothing as far out');
});

test('every threshold that calibrateThreshold makes is read back, whatever the rule, direction, ties and points', () => {
  const { seed, random } = freshRandom();
  for (let round = 0; round < 150; round++) {
    const size = 1 + random.integer(300);
    const steps = 1 + random.integer(50);
    const scores = Array.from({ length: size }, () => Math.round(steps * random.normal()) / steps);
    const tpr = [0.5, 0.9, 0.95, 0.07, 0.999, 1][random.integer(6)]!;
    const options = {
      tpr,
      rule: tpr < 0.9 && size > 100 && random.integer(2) === 0 ? ('confident' as const) : ('achieved' as const),
      oodDirection: random.integer(2) === 0 ? ('low' as const) : ('high' as const),
      points: 2 + random.integer(40),
      confidence: [0.5, 0.95, 0.999][random.integer(3)]!,
    };
    const threshold = calibrateThreshold(scores, options);
    const at = `seed ${seed}, round ${round}, ${JSON.stringify(options)}`;
    assert.equal(readThreshold(JSON.stringify(threshold)), threshold, at);
  }
});

test('a threshold that contradicts its own calibration is STATE_INVALID, whichever number was changed', () => {
  assertCode('STATE_INVALID', () => readThreshold({ ...calibrateThreshold([1, 2, 3]), threshold: 99 }));
  const { seed, random } = freshRandom();
  for (let round = 0; round < 100; round++) {
    const scores = Array.from({ length: 30 + random.integer(100) }, () => Math.round(20 * random.normal()) / 10);
    const oodDirection = random.integer(2) === 0 ? 'low' : 'high';
    const made = calibrateThreshold(scores, { oodDirection, tpr: [0.5, 0.9, 0.95][random.integer(3)]! });
    const { tpr, calibration, count } = made;
    const other = calibration.scores.filter((score) => score !== made.threshold);
    const last = calibration.atLeastAsOut.length - 1;
    const changes: Readonly<Record<string, object>> = {
      'another calibration score': { threshold: other[random.integer(other.length)] },
      'no calibration score': { threshold: made.threshold + 0.05 },
      'another rate': { tpr: { ...tpr, achieved: tpr.achieved - 1 / count, low: 0, high: 1 } },
      'a rate between two counts': { tpr: { ...tpr, achieved: tpr.achieved - 0.3 / count } },
      'a lower end': { tpr: { ...tpr, low: tpr.low - 1e-4 } },
      'a higher end': { tpr: { ...tpr, high: tpr.high === 1 ? 1 - 1e-4 : tpr.high + 1e-4 } },
      'another confidence': { tpr: { ...tpr, confidence: 0.9 } },
      'a confidence of 1': { tpr: { ...tpr, confidence: 1 } },
      'a target of 0': { tpr: { ...tpr, target: 0 } },
      'another direction': { oodDirection: oodDirection === 'low' ? 'high' : 'low' },
      'another count': { count: count + 1 },
      'another count, and the last one with it': {
        count: 3 * count,
        calibration: { ...calibration, atLeastAsOut: calibration.atLeastAsOut.with(last, 3 * count) },
      },
      'a score less': {
        calibration: {
          ...calibration,
          scores: calibration.scores.slice(1),
          atLeastAsOut: calibration.atLeastAsOut.slice(1),
        },
      },
    };
    // Ties may let in every example: then a higher target is met too. Or so many that the other rule gives the same.
    const higher = { tpr: { ...tpr, target: Math.min(1, tpr.achieved + 0.02) } };
    const all = {
      ...changes,
      ...(tpr.achieved === 1 ? {} : { 'a higher target': higher }),
      ...(tpr.low >= tpr.target ? {} : { 'another rule': { rule: 'confident' } }),
    };
    for (const [what, change] of Object.entries(all)) {
      try {
        assertCode('STATE_INVALID', () => readThreshold({ ...made, ...change }));
      } catch (error) {
        throw new Error(`${what}, seed ${seed}, round ${round}: ${String(error)}`, { cause: error });
      }
    }
  }
});

test('readThreshold of what is none at all is FORMAT_INVALID, and a file as bytes is told to be text', () => {
  const circle: Record<string, unknown> = {};
  circle['format'] = circle;
  const deep = '['.repeat(1_000_000);
  for (const value of [
    undefined,
    null,
    1,
    10n,
    Symbol('x'),
    () => 1,
    [],
    circle,
    deep,
    `{"a":${deep}`,
    '',
    'null',
    new Map(),
  ]) {
    assertCode('FORMAT_INVALID', () => readThreshold(value));
  }
  assert.throws(() => readThreshold(Buffer.from('{}')), /is text: readThreshold\(await readFile\(path, 'utf8'\)\)/);
});

test.run();
