import { seededRandom } from '@vogjs/base';
import { evaluateOod } from '@vogjs/ood/evaluation';
import { runSeed } from '@vogjs/testing';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { letIn, mistakesAt, rangeOfMistakes, rateAt, setScores, valuesOf } from './set-scores.js';

const seed = runSeed();
const random = seededRandom(seed);
const [IN, OUT] = [130, 70];
// Few values: many ties, and on the threshold too.
const values = Float32Array.from({ length: IN + OUT }, (_, row) => random.integer(12) - (row < IN ? 0 : 3));
values.set([Infinity, -Infinity], 5);

for (const oodDirection of ['low', 'high'] as const) {
  const ins = setScores({ name: 'in', side: 'in', start: 0, end: IN }, values, oodDirection);
  const outs = setScores({ name: 'out', side: 'out', start: IN, end: IN + OUT }, values, oodDirection);

  test(`a threshold lets in what lies on its side and on it, ${oodDirection} is out (SEED=${seed})`, () => {
    for (const threshold of [-Infinity, -3, 0, 2.5, 4, 11, Infinity]) {
      for (const scores of [ins, outs]) {
        const isIn = (value: number): boolean => (oodDirection === 'low' ? value >= threshold : value <= threshold);
        const own = valuesOf(scores);
        assert.is(letIn(scores, threshold), own.filter(isIn).length);
        const wrong = [...own.keys()].filter((at) => isIn(own[at]!) === (scores.set.side === 'out'));
        const mistakes = [...mistakesAt(scores, threshold)].map((row) => row - scores.set.start);
        assert.equal(
          mistakes.toSorted((a, b) => a - b),
          wrong,
        );
        const range = rangeOfMistakes(scores, threshold, 'energy');
        const held = [...own.keys()].filter((at) => range !== null && own[at]! >= range.low && own[at]! <= range.high);
        assert.equal(held, wrong, 'the range of the gallery holds just the mistakes');
      }
    }
  });

  test(`at the threshold of 95 % the rates are those of the evaluation (SEED=${seed})`, () => {
    const evaluation = evaluateOod(valuesOf(ins), valuesOf(outs), { oodDirection });
    const { atTpr } = evaluation.thresholds;
    const [tpr, fpr] = [rateAt(ins, atTpr), rateAt(outs, atTpr)];
    assert.is(tpr.count / tpr.total, evaluation.achievedTpr);
    assert.is(fpr.count / fpr.total, evaluation.fprAtTpr);
    assert.ok(fpr.low <= evaluation.fprAtTpr && evaluation.fprAtTpr <= fpr.high);
  });

  test(`the most confident mistakes come first, ${oodDirection} is out (SEED=${seed})`, () => {
    const sign = oodDirection === 'low' ? 1 : -1;
    const kept = [...mistakesAt(ins, 5)].map((row) => sign * values[row]!);
    const taken = [...mistakesAt(outs, 5)].map((row) => sign * values[row]!);
    assert.equal(
      kept,
      kept.toSorted((a, b) => a - b),
    );
    assert.equal(
      taken,
      taken.toSorted((a, b) => b - a),
    );
  });
}

test.run();
