import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { collectResources } from '@vogjs/core';
import { runnerUpLead } from './index.js';
import { echo, inputs } from './echo.test.helper.js';

before(() => tf.setBackend('cpu'));

test('the lead is the largest logit minus the second largest, and nothing is left on the device', async () => {
  const before = tf.memory().numTensors;
  const { lead } = await collectResources(echo, { inputs }, { lead: runnerUpLead() });
  assert.deepEqual([...lead.data], [2, 0.5, 0]);
  assert.equal(tf.memory().numTensors, before);
});

test('with equal options it is one resource, with others another', () => {
  assert.equal(runnerUpLead({ of: 'logits' }).key, runnerUpLead().key);
  assert.notEqual(runnerUpLead({ of: 'probabilities' }).key, runnerUpLead().key);
  assert.throws(() => runnerUpLead({ of: 'labels' } as never), /runnerUpLead: of must be .*"labels"/);
});
