import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as evaluation from './evaluation.js';
import * as ood from './index.js';

const test = suite('@vogjs/ood/evaluation');

test('its functions are those of the whole package', () => {
  const whole: Readonly<Record<string, unknown>> = ood;
  assert.ok(Object.keys(evaluation).length >= 9);
  for (const [name, value] of Object.entries(evaluation)) assert.is(whole[name], value, name);
});

test('scores are judged and decided by it alone', () => {
  const { evaluateOod, calibrateThreshold, decideOod } = evaluation;
  assert.is(evaluateOod([3, 2, 1], [2, 1, 0]).auroc, 7 / 9);
  assert.is(decideOod(calibrateThreshold([3, 2, 1], { tpr: 0.5 }), [0])[0]?.isOod, true);
});

test.run();
