import { selectBackend } from '@vogjs/core/node';
import { createTracker, defineMetric, logits, VogError } from '@vogjs/core';
import { testBackends, withSeed } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { asCallback } from './as-callback.js';
import { fitCallback } from './fit-callback.js';
import { FIT, rejectionOf, sceneOf, warningsDuring } from './fit.test.helper.js';
import { trackDifficulty } from './track-difficulty.js';

const test = suite('callbacks beside ours');
test.before(async () => {
  await selectBackend(testBackends()[0]);
});

for (const drive of ['fit', 'fitDataset'] as const) {
  for (const order of ['after', 'before', 'on both sides'] as const) {
    test(`plain objects ${order} of ours in ${drive} get every hook, with numbers in their logs`, () =>
      withSeed(async () => {
        const { model, xs, ys, labels, dataset } = sceneOf(1);
        const difficulty = trackDifficulty({ inputs: xs, labels });
        const called: Record<string, number> = {};
        const epochs: Record<string, unknown>[] = [];
        const count = (hook: string): void => void (called[hook] = (called[hook] ?? 0) + 1);
        const plain = {
          onTrainBegin: () => count('trainBegin'),
          onTrainEnd: () => count('trainEnd'),
          onEpochBegin: () => count('epochBegin'),
          onBatchBegin: () => count('batchBegin'),
          onBatchEnd: (_: number, logs?: tf.Logs) => {
            count('batchEnd');
            assert.type(logs?.['loss'], 'number');
          },
          onEpochEnd: (_: number, logs?: tf.Logs) => {
            count('epochEnd');
            epochs.push({ ...logs });
          },
        };
        const last: string[] = [];
        const other = { onEpochEnd: (_: number, logs?: tf.Logs) => void last.push(Object.keys(logs ?? {}).join()) };
        const callbacks = {
          after: [difficulty, plain],
          before: [plain, difficulty],
          'on both sides': [plain, difficulty, other],
        };
        const options = { epochs: 3, verbose: 0 as const, callbacks: callbacks[order] };
        const warnings = await warningsDuring(async () => {
          const { history } =
            drive === 'fit'
              ? await model.fit(xs, ys, { ...FIT, ...options })
              : await model.fitDataset(dataset, { ...options });
          assert.is(history['vog_mean']?.length, 3);
        });
        assert.equal(warnings, []);
        assert.equal(called, { trainBegin: 1, epochBegin: 3, batchBegin: 9, batchEnd: 9, epochEnd: 3, trainEnd: 1 });
        assert.ok(epochs.every((logs) => typeof logs['loss'] === 'number'));
        // Who stands behind ours sees what it wrote.
        assert.is('vog_mean' in (epochs[0] ?? {}), order === 'after');
        if (order === 'on both sides') assert.equal(last, ['loss,vog_mean', 'loss,vog_mean', 'loss,vog_mean']);
        assert.is(difficulty.tracker.checkpoints, 3);
        difficulty.dispose();
      }));
  }
}

test('a plain object may be an object of a class: its hooks are called on it', () =>
  withSeed(async () => {
    const { model, xs, ys, labels } = sceneOf(2);
    class Losses {
      readonly seen: number[] = [];
      onEpochEnd(_: number, logs?: tf.Logs): void {
        this.seen.push(logs?.['loss'] ?? Number.NaN);
      }
    }
    const losses = new Losses();
    const difficulty = trackDifficulty({ inputs: xs, labels });
    const { history } = await model.fit(xs, ys, { ...FIT, epochs: 2, callbacks: [difficulty, losses] });
    assert.equal(losses.seen, history['loss']);
    difficulty.dispose();
  }));

test('plain objects, early stopping and instances stand beside ours in one list', () =>
  withSeed(async () => {
    const { model, xs, ys, labels } = sceneOf(3);
    const difficulty = trackDifficulty({ inputs: xs, labels });
    const stopping = tf.callbacks.earlyStopping({ monitor: 'loss', minDelta: 1000 });
    let epochs = 0;
    const plain = { onEpochEnd: () => void epochs++ };
    const callbacks = [plain, stopping, difficulty, asCallback({ onTrainEnd: () => void (epochs += 100) })];
    await model.fit(xs, ys, { ...FIT, epochs: 9, callbacks: callbacks as tf.Callback[] });
    assert.is(epochs, 102, 'two epochs and the end');
    assert.is((stopping as unknown as { stoppedEpoch: number }).stoppedEpoch, 1, 'the callback itself knows');
    assert.is(difficulty.tracker.checkpoints, 2);
    difficulty.dispose();
  }));

test('a list without a callback of ours is left to tfjs as it is', () =>
  withSeed(async () => {
    const { model, xs, ys } = sceneOf(4);
    const callbacks = [tf.callbacks.earlyStopping({ monitor: 'loss' }), { onEpochEnd: () => {} }];
    const error = await rejectionOf(() =>
      model.fit(xs, ys, { ...FIT, epochs: 1, callbacks: callbacks as tf.Callback[] }),
    );
    assert.instance(error, TypeError);
  }));

test('earlyStopping on vog_mean with patience 1 does not stop at the first epoch, which has no VoG', () =>
  withSeed(async () => {
    for (const mode of ['min', 'max'] as const) {
      const { model, xs, ys, labels } = sceneOf(5);
      const difficulty = trackDifficulty({ inputs: xs, labels });
      const stopping = tf.callbacks.earlyStopping({ monitor: 'vog_mean', patience: 1, mode });
      const { history } = await model.fit(xs, ys, { ...FIT, epochs: 4, callbacks: [difficulty, stopping] });
      const means = history['vog_mean'] as number[];
      // From the second epoch on it stops at the first mean that is no improvement.
      const worse = means.findIndex(
        (mean, i) => i > 1 && !(mode === 'min' ? mean < means[i - 1]! : mean > means[i - 1]!),
      );
      assert.ok(means.length >= 3, mode);
      assert.is(means.length, worse === -1 ? 4 : worse + 1, mode);
      difficulty.dispose();
    }
  }));

test('earlyStopping on a NaN that is not ours counts it, as tfjs does', () =>
  withSeed(async () => {
    const { model, xs, ys, labels } = sceneOf(6, Number.NaN);
    const difficulty = trackDifficulty({ inputs: xs, labels, provide: { logger: { warn: () => {} } } });
    const stopping = tf.callbacks.earlyStopping({ monitor: 'loss', patience: 2 });
    const { epoch } = await model.fit(xs, ys, { ...FIT, epochs: 9, callbacks: [difficulty, stopping] });
    assert.ok(epoch.length <= 3, String(epoch));
    difficulty.dispose();
  }));

test('the mean in the logs is that of the examples that have a score', () =>
  withSeed(async () => {
    const { model, xs, ys } = sceneOf(7);
    const half = defineMetric({
      name: 'half',
      hardDirection: 'high',
      requires: { logits },
      init: ({ size }) => ({ last: tf.zeros([size]) }),
      update: (state) => state,
      compute: (_, { size }) => tf.tensor1d(Array.from({ length: size }, (_unused, i) => (i === 0 ? Number.NaN : i))),
    });
    const tracker = createTracker({ inputs: xs, metrics: [half], chunkSize: 7 });
    const { history } = await model.fit(xs, ys, { ...FIT, epochs: 1, callbacks: [fitCallback(tracker)] });
    assert.equal(history['half_mean'], [3.5]);
    tracker.dispose();
  }));

test('onYield is called, beside ours and through asCallback', () =>
  withSeed(async () => {
    for (const wrap of [(hooks: tf.CustomCallbackArgs) => hooks, asCallback]) {
      const { model, xs, ys, labels } = sceneOf(8);
      const difficulty = trackDifficulty({ inputs: xs, labels });
      let yields = 0;
      let now = 0;
      // A clock that runs a second with each look.
      const hooks = { onYield: () => void yields++, nowFunc: () => (now += 1000) };
      await model.fit(xs, ys, { ...FIT, epochs: 2, callbacks: [difficulty, wrap(hooks)] as tf.Callback[] });
      assert.ok(yields > 0);
      difficulty.dispose();
    }
  }));

test('what is no callback is ARGUMENT_INVALID, before a weight moves', () =>
  withSeed(async () => {
    const { model, xs, ys, labels } = sceneOf(9);
    const difficulty = trackDifficulty({ inputs: xs, labels });
    for (const [wrong, part] of [
      [null, /null/],
      [3, /got 3\b/],
      [() => {}, /function/],
      [[{ onEpochEnd: () => {} }], /got \[/],
      [{ onEpochEnds: () => {} }, /onEpochEnds/],
      [{ onEpochEnd: 3 }, /must be a function/],
    ] as const) {
      const refused = await rejectionOf(() =>
        model.fit(xs, ys, { ...FIT, epochs: 1, callbacks: [difficulty, wrong] as never }),
      );
      assert.is((refused as VogError)?.code, 'ARGUMENT_INVALID', String(refused));
      assert.match((refused as VogError).message, part);
    }
    assert.throws(
      () => asCallback({ onYield: () => {} }, { yieldEvery: 'never' }),
      (error: unknown) => error instanceof VogError && error.code === 'ARGUMENT_INVALID',
    );
    for (const call of [() => fitCallback(undefined as never), () => trackDifficulty(undefined as never)])
      assert.throws(call, (error: unknown) => error instanceof VogError && error.code === 'ARGUMENT_INVALID');
    difficulty.dispose();
  }));

test.run();
