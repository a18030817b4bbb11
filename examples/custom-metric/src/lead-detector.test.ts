import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { energy, evaluateOod, fitDetectors, scoreOod } from '@vogjs/ood';
import { leadDetector } from './index.js';
import { echo, inputs } from './echo.test.helper.js';

before(() => tf.setBackend('cpu'));

test('scores are the leads, beside those of a detector of the package, from one pass', async () => {
  const scores = await scoreOod(echo, { inputs }, [leadDetector(), energy()]);
  assert.deepEqual(Array.from(scores.lead.values), [2, 0.5, 0]);
  assert.equal(scores.energy.values.length, 3);
});

test('examples with smaller leads are told as out-of-distribution', async () => {
  const close = { data: Float32Array.from([1, 1.1, 0, 2, 2.2, 0]), shape: [2, 3] };
  const clear = { data: Float32Array.from([9, 1, 0, 0, 7, 1]), shape: [2, 3] };
  const detectors = await fitDetectors(echo, { inputs: clear, labels: [0, 1] }, [leadDetector({ name: 'mine' })]);
  const [inside, outside] = [
    await scoreOod(echo, { inputs: clear }, detectors),
    await scoreOod(echo, { inputs: close }, detectors),
  ];
  assert.equal(evaluateOod(inside.mine, outside.mine).auroc, 1);
});

test('an unknown option is refused', () => {
  assert.throws(() => leadDetector({ nam: 'x' } as never), /leadDetector: unknown option 'nam'/);
});
