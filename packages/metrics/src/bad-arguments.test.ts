import { VogError } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  benjaminiHochberg,
  bootstrap,
  classCorrelation,
  classDifficulty,
  classThresholds,
  compareDetection,
  confidentJoint,
  dataIqGroups,
  detectionIntervals,
  detectLabelErrors,
  errorByPercentile,
  errorsOf,
  evaluateDetection,
  folds,
  labelIssues,
  pearson,
  probabilitiesOf,
  quantile,
  rankAgreement,
  spearman,
  tTest,
  tTestFromStatistics,
} from './index.js';

const test = suite('bad arguments of the analyses');

const scores = { values: [1, 2, 3, 4, 5, 6], hardDirection: 'high' as const, labels: [0, 1, 2, 0, 1, 2] };
const flags = [0, 1, 0, 1, 0, 1];
const probabilities = { data: new Float64Array(18).fill(1 / 3), shape: [6, 3] };
const sample = { mean: 1, std: 2, n: 4 };

type Call = (...rest: never[]) => unknown;

/** Every function with arguments that it takes, the options last. */
const calls: Record<string, readonly [Call, ...unknown[]]> = {
  benjaminiHochberg: [benjaminiHochberg, [0.1, 0.2], {}],
  bootstrap: [bootstrap, ([x]: [Float64Array]) => x[0], [[1, 2, 3]], { resamples: 10 }],
  classCorrelation: [classCorrelation, { ...scores, values: [1, 2, 4, 3, 5, 7] }, [0, 0, 1, 0, 1, 1], {}],
  classDifficulty: [classDifficulty, scores, flags, {}],
  compareDetection: [compareDetection, scores, scores, flags, { resamples: 10 }],
  detectionIntervals: [detectionIntervals, scores, flags, { resamples: 10 }],
  detectLabelErrors: [detectLabelErrors, scores, {}],
  dataIqGroups: [dataIqGroups, { aleatoric: [0.1], confidence: [0.5] }, {}],
  errorByPercentile: [errorByPercentile, scores, flags, { bins: 2 }],
  evaluateDetection: [evaluateDetection, scores, flags, {}],
  folds: [folds, scores.labels, { count: 2 }],
  labelIssues: [labelIssues, probabilities, scores.labels, {}],
  rankAgreement: [rankAgreement, [scores, scores], {}],
  tTest: [tTest, [1, 2, 3], [2, 3, 5], {}],
  tTestFromStatistics: [tTestFromStatistics, sample, sample, {}],
};
const withoutOptions: typeof calls = {
  classThresholds: [classThresholds, probabilities, scores.labels],
  confidentJoint: [confidentJoint, probabilities, scores.labels],
  errorsOf: [errorsOf, [0, 1], [1, 1]],
  pearson: [pearson, [1, 2, 3], [2, 1, 5]],
  probabilitiesOf: [probabilitiesOf, { probability0: { values: Float32Array.of(1) } }],
  quantile: [quantile, [1, 2], 0.5],
  spearman: [spearman, [1, 2, 3], [2, 1, 5]],
};

const refusal = (call: Call, given: readonly unknown[]): unknown => {
  try {
    call(...(given as never[]));
  } catch (error) {
    return error;
  }
  return undefined;
};

for (const [name, [call, ...given]] of Object.entries(calls)) {
  test(`${name} takes its options, refuses a key that nothing reads, and options that are no object`, () => {
    assert.is(refusal(call, given), undefined);
    const before = given.slice(0, -1);
    for (const options of [{ ...(given.at(-1) as object), vareiances: 1 }, null, 'equal', 5, ['equal']]) {
      const error = refusal(call, [...before, options]);
      assert.instance(error, VogError, `${name} with ${JSON.stringify(options)}`);
      assert.is((error as VogError).code, 'ARGUMENT_INVALID');
    }
    assert.match((refusal(call, [...before, { vareiances: 1 }]) as VogError).message, 'vareiances');
  });
}

test('a wrong or missing argument is a VogError, never a TypeError', () => {
  const wrong = [undefined, null, 5, 'abc', {}, true, Promise.resolve([1]), () => 1, Symbol('x'), [null], [1n], ['1']];
  const escaped: string[] = [];
  for (const [name, [call, ...given]] of Object.entries({ ...calls, ...withoutOptions })) {
    for (let position = 0; position < given.length - (name in calls ? 1 : 0); position++) {
      for (const value of wrong) {
        const error = refusal(call, given.with(position, value));
        // A list of one or a function may be right somewhere; nothing is ever missing in silence.
        const mayPass = value !== undefined && value !== null;
        if (error instanceof VogError || (error === undefined && mayPass)) continue;
        escaped.push(`${name}, argument ${position}, ${String(value)}: ${String(error)}`);
      }
    }
  }
  assert.equal(escaped, []);
});

test.run();
