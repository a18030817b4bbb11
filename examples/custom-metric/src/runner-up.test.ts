import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { createTracker, epochs } from '@vogjs/core';
import { checkMetric, rowsOf } from '@vogjs/core/plugin';
import { runnerUp } from './index.js';
import { echo, inputs } from './echo.test.helper.js';

before(() => tf.setBackend('cpu'));

test('leads of 2, 0.5 and 0 are one clear win and two close calls', async () => {
  const tracker = createTracker({ inputs, metrics: [runnerUp()] });
  await tracker.checkpoint(echo, { epoch: 0 });
  assert.deepEqual([...(await tracker.scores('runner-up')).values], [0, 1, 1]);
  const leads = await tracker.scores('runner-up', { column: 'smallestLead' });
  assert.deepEqual([...leads.values], [2, 0.5, 0]);
  assert.equal(leads.hardDirection, 'low');
  assert.equal(leads.hardest(1)[0]?.index, 2);
  tracker.dispose();
});

test('windows merge, and a saved state goes on', async () => {
  const make = () =>
    createTracker({ inputs, metrics: [runnerUp()], windows: { first: epochs(0, 1), second: epochs(1, 2) } });
  const tracker = make();
  await tracker.checkpoint(echo, { epoch: 0 });
  const resumed = make();
  await resumed.load(await tracker.serialise());
  await resumed.checkpoint((x) => tf.mul(x as tf.Tensor, 0.25), { epoch: 1 });
  assert.deepEqual([...(await resumed.scores('runner-up')).values], [0.5, 1, 1]);
  assert.deepEqual([...(await resumed.scores('runner-up', { column: 'smallestLead' })).values], [0.5, 0.125, 0]);
  tracker.dispose();
  resumed.dispose();
});

test('it keeps the laws of a metric: purity, merge, round trip, chunks, no leak, direction', async () => {
  await checkMetric(runnerUp());
});

test('an unknown option and a wrong value are refused', () => {
  assert.throws(() => runnerUp({ clse: 1 } as never), /runnerUp: unknown option 'clse'/);
  assert.throws(() => runnerUp({ close: 0 }), /runnerUp: close must be .*above 0/);
});

test('its options are rows for the docs', () => {
  assert.deepEqual(
    rowsOf(runnerUp.definition.options).map((row) => [row.name, row.default]),
    [
      ['name', "'runner-up'"],
      ['close', '1'],
    ],
  );
});

test('a state counted with another threshold is not loaded', async () => {
  const [mine, other] = [1, 2].map((close) => createTracker({ inputs, metrics: [runnerUp({ close })] }));
  await mine!.checkpoint(echo, { epoch: 0 });
  await assert.rejects(other!.load(await mine!.serialise()), { code: 'STATE_MISMATCH' });
  mine!.dispose();
  other!.dispose();
});
