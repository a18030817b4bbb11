import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { createTracker } from '@vogjs/core';
import { closeCallsMonitor, runnerUp } from './index.js';
import { echo, inputs } from './echo.test.helper.js';

before(() => tf.setBackend('cpu'));

test('the share of close calls stands on the event of every checkpoint, and among the figures of the tracker', async () => {
  const tracker = createTracker({ inputs, metrics: [runnerUp()], monitors: [closeCallsMonitor({ inputs })] });
  const seen: unknown[] = [];
  tracker.on('checkpointEnd', ({ figures }) => seen.push(figures));
  let scale = 1;
  const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => tf.mul(x as tf.Tensor, scale);
  await tracker.checkpoint(model, { epoch: 0 });
  scale = 10;
  await tracker.checkpoint(model, { epoch: 1 });
  assert.deepEqual(seen, [{ 'close-calls': { share: 2 / 3 } }, { 'close-calls': { share: 1 / 3 } }]);
  assert.deepEqual(tracker.figures, { close_calls_share: 1 / 3 });
  tracker.dispose();
});

test('nothing is left on the device', async () => {
  const before = tf.memory().numTensors;
  const monitor = closeCallsMonitor({ inputs, close: 0.1 });
  assert.deepEqual(await monitor.checkpoint(echo, { checkpoint: 0, position: { epoch: 0 } } as never), {
    share: 1 / 3,
  });
  assert.equal(tf.memory().numTensors, before);
});

test('an unknown option and missing inputs are refused', () => {
  assert.throws(() => closeCallsMonitor({ inputs, closs: 1 } as never), /closeCallsMonitor: unknown option 'closs'/);
  assert.throws(() => closeCallsMonitor({} as never), /closeCallsMonitor: inputs/);
});
