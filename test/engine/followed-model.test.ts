import { selectBackend } from '@vogjs/backend/node';
import { trackDifficulty, fitCallback } from '@vogjs/callback';
import { createTracker, type ScorableModel, type Tracker, type TrackerOptions } from '@vogjs/core';
import { testBackends, withSeed } from '@vogjs/testing';
import { meanLoss, vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codedError } from '../support/errors.js';
import { sceneOf } from '../support/runs.js';

const test = suite('one tracker follows one model');
test.before(async () => {
  await selectBackend(testBackends()[0]);
});

const trackerFor = (scene: ReturnType<typeof sceneOf>, options: Partial<TrackerOptions> = {}): Tracker =>
  createTracker({ inputs: scene.inputs, labels: scene.labels, metrics: [vog()], ...options });

test('the k-fold mistake: a second model is MODEL_CHANGED, and nothing of it is in the scores', () =>
  withSeed(async () => {
    const [first, second] = [sceneOf(1), sceneOf(2)];
    const tracker = trackerFor(first);
    for (const epoch of [0, 1]) await tracker.checkpoint(first.model, { epoch });
    for (const wrong of [
      () => tracker.checkpoint(second.model, { epoch: 2 }),
      () => tracker.observe(second.model, { epoch: 2 }),
      () => tracker.begin(second.model),
    ]) {
      const { message } = await codedError(wrong, 'MODEL_CHANGED');
      assert.match(message, /reset\(\).*models: 'any'/);
    }
    await tracker.checkpoint(first.model, { epoch: 2 });
    const scores = await tracker.scores();
    assert.is(scores.checkpoints, 3);
    assert.ok(
      scores.values.every((value) => value < 1e-6),
      'the same weights three times: VoG 0',
    );
    await tracker.reset();
    await tracker.checkpoint(second.model, { epoch: 0 });
    assert.is(tracker.checkpoints, 1);
    tracker.dispose();
  }));

test('a fit of another model is MODEL_CHANGED before a weight of it moves', () =>
  withSeed(async () => {
    const [first, second] = [sceneOf(3), sceneOf(4)];
    const xs = tf.tensor2d(first.inputs.data, [10, 4]);
    const ys = tf.oneHot(tf.tensor1d(first.labels, 'int32'), 3);
    const difficulty = trackDifficulty({ inputs: xs, labels: first.labels });
    const fit = (model: tf.LayersModel): Promise<unknown> =>
      model.fit(xs, ys, { epochs: 1, verbose: 0, callbacks: [difficulty] });
    await fit(first.model);
    const before = await second.model.getWeights()[0]?.data();
    await codedError(() => fit(second.model), 'MODEL_CHANGED');
    assert.equal(await second.model.getWeights()[0]?.data(), before);
    await fit(first.model);
    assert.is(difficulty.tracker.checkpoints, 2);
    difficulty.dispose();
  }));

test('one callback, or two of one tracker, in two fits at once is CALLBACK_BUSY', () =>
  withSeed(async () => {
    const [first, second] = [sceneOf(5), sceneOf(6)];
    const xs = tf.tensor2d(first.inputs.data, [10, 4]);
    const ys = tf.oneHot(tf.tensor1d(first.labels, 'int32'), 3);
    const tracker = trackerFor(first);
    const callback = fitCallback(tracker);
    for (const other of [callback, fitCallback(tracker)]) {
      const before = await second.model.getWeights()[0]?.data();
      const taken = tracker.checkpoints;
      const running = first.model.fit(xs, ys, { epochs: 2, verbose: 0, callbacks: [callback] });
      await codedError(() => second.model.fit(xs, ys, { epochs: 2, verbose: 0, callbacks: other }), 'CALLBACK_BUSY');
      await running;
      assert.is(tracker.checkpoints, taken + 2, 'the first fit is not harmed');
      assert.equal(await second.model.getWeights()[0]?.data(), before);
    }
    tracker.dispose();
  }));

test('a fit that failed frees its callback', () =>
  withSeed(async () => {
    const { model, inputs, labels } = sceneOf(7);
    const xs = tf.tensor2d(inputs.data, [10, 4]);
    const ys = tf.oneHot(tf.tensor1d(labels, 'int32'), 3);
    const difficulty = trackDifficulty({ inputs: xs, labels });
    const fails = { onEpochEnd: () => Promise.reject(new Error('mine')) };
    let error: unknown;
    await model
      .fit(xs, ys, { epochs: 1, verbose: 0, callbacks: [difficulty, fails] })
      .catch((thrown: unknown) => (error = thrown));
    assert.is((error as Error).message, 'mine');
    await model.fit(xs, ys, { epochs: 1, verbose: 0, callbacks: [difficulty] });
    assert.is(difficulty.tracker.checkpoints, 2);
    difficulty.dispose();
  }));

test('the same training under other objects is the same model', () =>
  withSeed(async () => {
    const scene = sceneOf(8);
    const model = scene.model as tf.Sequential;
    const tracker = trackerFor(scene, { metrics: [meanLoss()] });
    const view = tf.model({ inputs: model.inputs, outputs: model.outputs });
    // What fit drives is the LayersModel inside the Sequential.
    const inner = (model as unknown as { readonly model: tf.LayersModel }).model;
    for (const [epoch, each] of [model, inner, view, model].entries()) await tracker.checkpoint(each, { epoch });
    assert.is(tracker.checkpoints, 4);
    const frozen = tf.sequential({ layers: [model.layers[0] as tf.layers.Layer, tf.layers.dense({ units: 3 })] });
    await codedError(() => tracker.checkpoint(frozen, { epoch: 4 }), 'MODEL_CHANGED');
    tracker.dispose();
  }));

test('a function that a loop writes anew each time is the same; another one is not', () =>
  withSeed(async () => {
    const scene = sceneOf(9);
    const tracker = trackerFor(scene, { metrics: [meanLoss()] });
    const { model } = scene;
    for (const epoch of [0, 1])
      await tracker.checkpoint((x) => tf.log(model.apply(x as tf.Tensor) as tf.Tensor), { epoch });
    const other: ScorableModel = (x) => tf.neg(tf.log(model.apply(x as tf.Tensor) as tf.Tensor));
    await codedError(() => tracker.checkpoint(other, { epoch: 2 }), 'MODEL_CHANGED');
    await codedError(() => tracker.checkpoint(model, { epoch: 2 }), 'MODEL_CHANGED');
    tracker.dispose();
  }));

test("models: 'any' takes each saved checkpoint in a model of its own, to the numbers of one model", () =>
  withSeed(async () => {
    const scene = sceneOf(10);
    const [one, any] = [trackerFor(scene), trackerFor(scene, { models: 'any' })];
    for (const epoch of [0, 1, 2]) {
      scene.train();
      const copy = await tf.models.modelFromJSON(
        JSON.parse(scene.model.toJSON() as unknown as string) as tf.io.ModelJSON,
      );
      copy.setWeights(scene.model.getWeights());
      await one.checkpoint(scene.model, { epoch });
      await any.checkpoint(copy, { epoch });
      copy.dispose();
    }
    assert.equal([...(await any.scores()).values], [...(await one.scores()).values]);
    const wider = tf.sequential({ layers: [tf.layers.dense({ units: 5, inputShape: [4] })] });
    await codedError(() => any.checkpoint(wider, { epoch: 3 }), 'MODEL_CHANGED');
    const narrower = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
    await codedError(() => any.checkpoint(narrower, { epoch: 3 }), 'INPUT_SHAPE');
    assert.is(any.checkpoints, 3);
    one.dispose();
    any.dispose();
  }));

test('after reset() a model of another input shape is INPUT_SHAPE', () =>
  withSeed(async () => {
    const scene = sceneOf(11);
    const tracker = trackerFor(scene);
    await tracker.checkpoint(scene.model, { epoch: 0 });
    await tracker.reset();
    const narrower = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
    await codedError(() => tracker.checkpoint(narrower, { epoch: 0 }), 'INPUT_SHAPE');
    tracker.dispose();
  }));

test.run();
