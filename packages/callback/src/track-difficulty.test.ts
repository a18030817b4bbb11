import { selectBackend } from '@vogjs/core/node';
import * as tf from '@tensorflow/tfjs';
import { createTracker, defineMetric, logits, VogError } from '@vogjs/core';
import { testBackends, withSeed } from '@vogjs/testing';
import { vog } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fitCallback } from './fit-callback.js';
import { FIT, rejectionOf, sceneOf, SIZE, weightsOf } from './fit.test.helper.js';
import { trackDifficulty } from './track-difficulty.js';

const test = suite('trackDifficulty');
test.before(async () => {
  await selectBackend(testBackends()[0]);
});

test('without options it is a fit callback with vog() at every epoch', () =>
  withSeed(async () => {
    const { model, xs, ys, labels } = sceneOf(1);
    const difficulty = trackDifficulty({ inputs: xs, labels });
    const tracker = createTracker({ inputs: xs, labels, metrics: [vog()] });
    assert.instance(difficulty, tf.Callback);
    const callbacks = [difficulty, fitCallback(tracker)];
    const { history } = await model.fit(xs, ys, { ...FIT, epochs: 3, callbacks });
    const [mine, long] = [await difficulty.scores('vog'), await tracker.scores('vog')];
    assert.is(mine.checkpoints, 3);
    assert.is(mine.values.length, SIZE);
    assert.ok(mine.values.every((value) => value > 0));
    assert.equal([...mine.values], [...long.values]);
    assert.equal([...(await difficulty.scores()).values], [...mine.values]);
    assert.ok('vog_mean' in history && 'vog_mean_2' in history);
    difficulty.dispose();
    tracker.dispose();
  }));

test('labels may be the one-hot tensor that fit trains on', () =>
  withSeed(async () => {
    const { model, xs, ys, labels } = sceneOf(2);
    const [oneHot, integers] = [trackDifficulty({ inputs: xs, labels: ys }), trackDifficulty({ inputs: xs, labels })];
    await model.fit(xs, ys, { ...FIT, epochs: 2, callbacks: [oneHot, integers] });
    const [a, b] = [await oneHot.scores(), await integers.scores()];
    assert.equal([...a.values], [...b.values]);
    assert.equal(a.labels && [...a.labels], [...labels]);
    oneHot.dispose();
    integers.dispose();
  }));

test("without labels it is vog({ label: 'predicted' })", () =>
  withSeed(async () => {
    const { model, xs, ys, labels } = sceneOf(3);
    const unsupervised = trackDifficulty({ inputs: xs });
    const explicit = trackDifficulty({ inputs: xs, labels, metrics: [vog({ label: 'predicted' })] });
    await model.fit(xs, ys, { ...FIT, epochs: 3, callbacks: [unsupervised, explicit] });
    const scores = await unsupervised.scores();
    assert.is(scores.labels, null);
    assert.equal([...scores.values], [...(await explicit.scores()).values]);
    unsupervised.dispose();
    explicit.dispose();
  }));

test('metrics replaces the default, logs: false keeps the history as it was, a tracker option reaches the tracker', () =>
  withSeed(async () => {
    const { model, xs, ys, labels } = sceneOf(4);
    const first = defineMetric({
      name: 'first-logit',
      hardDirection: 'low',
      requires: { logits },
      init: ({ size }) => ({ last: tf.zeros([size]) }),
      update: (_, values) => ({ last: tf.reshape(tf.slice(values.logits, [0, 0], [-1, 1]), [-1]) }),
      compute: ({ last }) => last,
    });
    const ids = Array.from({ length: SIZE }, (_, i) => `image-${i}`);
    const difficulty = trackDifficulty({ inputs: xs, labels, ids, metrics: [first], logs: false, chunkSize: 2 });
    let passes = 0;
    difficulty.tracker.on('progress', () => passes++);
    const { history } = await model.fit(xs, ys, { ...FIT, epochs: 1, callbacks: [difficulty] });
    assert.equal(difficulty.tracker.metrics, ['first-logit']);
    assert.equal(Object.keys(history), ['loss']);
    assert.is(passes, 4);
    assert.equal((await difficulty.scores()).ids, ids);
    difficulty.dispose();
  }));

test('a misspelt option is ARGUMENT_INVALID at once', () => {
  const { xs, labels } = sceneOf(5);
  assert.throws(
    () => trackDifficulty({ inputs: xs, labels, chunksize: 5 } as never),
    (error: unknown) =>
      error instanceof VogError && error.code === 'ARGUMENT_INVALID' && /chunksize/.test(error.message),
  );
});

test('a probe that the model does not take rejects fit before a weight moves', () =>
  withSeed(async () => {
    const { model, xs, ys, labels } = sceneOf(6);
    const difficulty = trackDifficulty({ inputs: { data: new Float32Array(SIZE * 5), shape: [SIZE, 5] }, labels });
    const before = await weightsOf(model);
    const error = await rejectionOf(() => model.fit(xs, ys, { ...FIT, epochs: 1, callbacks: [difficulty] }));
    assert.is((error as VogError).code, 'INPUT_SHAPE');
    assert.equal(await weightsOf(model), before);
    difficulty.dispose();
  }));

test('dispose frees every state; scores and another fit are DISPOSED afterwards, before a weight moves', () =>
  withSeed(async () => {
    const { model, xs, ys, labels } = sceneOf(7);
    await model.fit(xs, ys, { ...FIT, epochs: 1 });
    const tensors = tf.memory().numTensors;
    const difficulty = trackDifficulty({ inputs: xs, labels });
    await model.fit(xs, ys, { ...FIT, epochs: 2, callbacks: [difficulty] });
    assert.ok(tf.memory().numTensors > tensors);
    difficulty.dispose();
    difficulty.dispose();
    assert.is(tf.memory().numTensors, tensors);
    assert.is(((await rejectionOf(() => difficulty.scores())) as VogError).code, 'DISPOSED');
    const before = await weightsOf(model);
    const error = await rejectionOf(() => model.fit(xs, ys, { ...FIT, epochs: 1, callbacks: [difficulty] }));
    assert.is((error as VogError).code, 'DISPOSED');
    assert.equal(await weightsOf(model), before);
  }));

test.run();
