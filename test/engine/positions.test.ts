import { selectBackend } from '@vogjs/backend/node';
import { fitCallback } from '@vogjs/callback';
import {
  createTracker,
  either,
  epochs,
  everyEpoch,
  everySteps,
  during,
  type Schedule,
  stages,
  type Tracker,
  type TrackerOptions,
} from '@vogjs/core';
import { testBackends, withSeed } from '@vogjs/testing';
import { meanLoss, prototypicality, vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codedError } from '../support/errors.js';
import { sceneOf } from '../support/runs.js';

const test = suite('where training stands, and what it is called');
test.before(async () => {
  await selectBackend(testBackends()[0]);
});

const trackerFor = (scene: ReturnType<typeof sceneOf>, options: Partial<TrackerOptions> = {}): Tracker =>
  createTracker({ inputs: scene.inputs, labels: scene.labels, metrics: [meanLoss()], ...options });

async function fits(
  scene: ReturnType<typeof sceneOf>,
  tracker: Tracker,
  calls: readonly { epochs: number; initialEpoch?: number }[],
): Promise<void> {
  const xs = tf.tensor2d(scene.inputs.data, [10, 4]);
  const ys = tf.oneHot(tf.tensor1d(scene.labels, 'int32'), 3);
  for (const call of calls)
    await scene.model.fit(xs, ys, { ...call, batchSize: 5, verbose: 0, callbacks: [fitCallback(tracker)] });
}

async function countsOf(tracker: Tracker): Promise<number[]> {
  const all = await Promise.all(['early', 'middle', 'late'].map((window) => tracker.scores('mean-loss', { window })));
  return all.map(({ checkpoints }) => checkpoints);
}

for (const [name, calls] of [
  ['two fits of 3 epochs', [{ epochs: 3 }, { epochs: 3 }]],
  ['a fit of 3 and one that resumes at 3', [{ epochs: 3 }, { initialEpoch: 3, epochs: 6 }]],
  ['six fits of 1', Array.from({ length: 6 }, () => ({ epochs: 1 }))],
  ['one fit of 6', [{ epochs: 6 }]],
] as const) {
  test(`stages(3) with total 6 over ${name}: 2, 2 and 2 checkpoints`, () =>
    withSeed(async () => {
      const scene = sceneOf(1);
      const tracker = trackerFor(scene, { windows: stages(3), total: { epochs: 6 } });
      await fits(scene, tracker, calls);
      assert.equal(await countsOf(tracker), [2, 2, 2]);
      assert.equal(tracker.runLength.epochs, 6);
      tracker.dispose();
    }));
}

test('a fit beyond total is ARGUMENT_INVALID before a weight moves, also where it resumes', () =>
  withSeed(async () => {
    const scene = sceneOf(2);
    const tracker = trackerFor(scene, { windows: stages(3), total: { epochs: 6 } });
    await fits(scene, tracker, [{ epochs: 4 }]);
    const before = await scene.model.getWeights()[0]?.data();
    for (const call of [{ epochs: 3 }, { initialEpoch: 4, epochs: 7 }])
      await codedError(() => fits(scene, tracker, [call]), 'ARGUMENT_INVALID');
    assert.equal(await scene.model.getWeights()[0]?.data(), before);
    tracker.dispose();
  }));

test('stages over a run that becomes longer without total is SCHEDULE_NEEDS_TOTAL, also after save and load', () =>
  withSeed(async () => {
    const scene = sceneOf(3);
    const tracker = trackerFor(scene, { windows: stages(3) });
    await fits(scene, tracker, [{ epochs: 3 }]);
    assert.equal(await countsOf(tracker), [1, 1, 1]);
    const { message } = await codedError(() => fits(scene, tracker, [{ epochs: 3 }]), 'SCHEDULE_NEEDS_TOTAL');
    assert.match(message, /3 epochs.*6.*total/);
    const later = trackerFor(scene, { windows: stages(3) });
    await later.load(await tracker.serialise());
    await codedError(() => fits(scene, later, [{ initialEpoch: 3, epochs: 6 }]), 'SCHEDULE_NEEDS_TOTAL');
    await tracker.reset();
    await fits(scene, tracker, [{ epochs: 6 }]);
    assert.equal(await countsOf(tracker), [2, 2, 2]);
    tracker.dispose();
    later.dispose();
  }));

for (const [name, bad] of [
  ['async', async () => false],
  ['one that gives nothing', () => {}],
  ['one that gives 1', () => 1],
  ['an async one within either', either(everySteps(1000), (async () => false) as unknown as Schedule)],
  ['an async one within during', during((async () => false) as unknown as Schedule, epochs(0, 9))],
] as const) {
  test(`a schedule must give true or false: ${name} is ARGUMENT_INVALID and takes no checkpoint`, () =>
    withSeed(async () => {
      const scene = sceneOf(4);
      const tracker = trackerFor(scene, { schedule: bad as unknown as Schedule });
      await codedError(() => tracker.observe(scene.model, { epoch: 0, step: 1 }), 'ARGUMENT_INVALID');
      assert.is(tracker.checkpoints, 0);
      tracker.dispose();
    }));
}

test('steps that start again each epoch, or epochs that start again, are ARGUMENT_INVALID; counted on they are right', () =>
  withSeed(async () => {
    const scene = sceneOf(5);
    const observe = (tracker: Tracker, epoch: number, step: number): Promise<boolean> =>
      tracker.observe(scene.model, { epoch, step, epochEnd: false });
    const tracker = trackerFor(scene, { schedule: everySteps(5) });
    for (let step = 1; step <= 5; step++) await observe(tracker, 0, step);
    await codedError(() => observe(tracker, 1, 1), 'ARGUMENT_INVALID');
    for (let epoch = 1; epoch < 4; epoch++)
      for (let batch = 1; batch <= 5; batch++) await observe(tracker, epoch, 5 * epoch + batch);
    assert.is(tracker.checkpoints, 4);
    await codedError(() => observe(tracker, 0, 21), 'ARGUMENT_INVALID');
    tracker.dispose();
    // An epoch that ends with each batch: the default of epochEnd where it does not belong.
    const ended = trackerFor(scene, { schedule: everyEpoch() });
    await ended.observe(scene.model, { epoch: 0, step: 1 });
    const { message } = await codedError(() => ended.observe(scene.model, { epoch: 0, step: 2 }), 'ARGUMENT_INVALID');
    assert.match(message, /epochEnd: false/);
    ended.dispose();
  }));

test('what a loop says wrongly of its place is ARGUMENT_INVALID', () =>
  withSeed(async () => {
    const scene = sceneOf(6);
    const tracker = trackerFor(scene);
    for (const at of [
      null,
      3,
      {},
      { epoch: -1 },
      { epoch: 0.5 },
      { epoch: 0, step: 1.5 },
      { epoch: 0, epochEnd: 'no' },
    ])
      await codedError(() => tracker.checkpoint(scene.model, at as never), 'ARGUMENT_INVALID');
    await codedError(() => tracker.checkpoint(scene.model, { epoch: 0, steps: 1 } as never), 'ARGUMENT_INVALID');
    assert.is(tracker.checkpoints, 0);
    tracker.dispose();
  }));

test("metrics and windows named 'constructor', 'toString', '__proto__' count like others, also after save and load", () =>
  withSeed(async () => {
    const scene = sceneOf(7);
    const windows = Object.fromEntries([
      ['__proto__', epochs(0, 1)],
      ['constructor', epochs(1, 3)],
    ]);
    const metrics = [
      meanLoss({ name: 'constructor' }),
      meanLoss({ name: 'toString' }),
      vog({ name: 'hasOwnProperty' }),
    ];
    const make = (): Tracker => trackerFor(scene, { metrics, windows });
    const [tracker, later] = [make(), make()];
    for (const epoch of [0, 1, 2]) await tracker.checkpoint(scene.model, { epoch });
    await later.load(await tracker.serialise());
    for (const each of [tracker, later]) {
      for (const { name } of metrics) {
        const counts = [];
        for (const window of ['__proto__', 'constructor', 'complete'])
          counts.push((await each.scores(name, { window })).checkpoints);
        assert.equal(counts, [1, 2, 3], name);
      }
      each.dispose();
    }
    assert.is(Object.keys(Object.prototype).length, 0);
    await codedError(() => trackerFor(scene, { windows: { __proto__: epochs(0, 1) } as never }), 'ARGUMENT_INVALID');
  }));

test('ids that are no strings or finite numbers are refused by createTracker', () =>
  withSeed(async () => {
    const scene = sceneOf(8);
    const with0 = (id: unknown): unknown[] => Array.from({ length: 10 }, (_, i) => (i === 0 ? id : `${i}`));
    for (const id of [1n, Number.NaN, Infinity, null, undefined, true, {}, Symbol('x')])
      await codedError(() => trackerFor(scene, { ids: with0(id) as never }), 'ARGUMENT_INVALID');
    for (const ids of [null, 'abcdefghij', new Set(['a'])])
      await codedError(() => trackerFor(scene, { ids: ids as never }), 'ARGUMENT_INVALID');
    await codedError(() => trackerFor(scene, { ids: with0(9).with(1, '9') as never }), 'IDS_DUPLICATE');
  }));

test('a metric that is still a promise is told to be awaited, an array to be spread', () =>
  withSeed(async () => {
    const scene = sceneOf(9);
    const promised = (prototypicality as unknown as () => Promise<unknown>)();
    const { message } = await codedError(() => trackerFor(scene, { metrics: [promised as never] }), 'METRIC_INVALID');
    assert.match(message, /[Aa]wait it/);
    const spread = await codedError(() => trackerFor(scene, { metrics: [[vog()]] as never }), 'METRIC_INVALID');
    assert.match(spread.message, /[Ss]pread it/);
  }));

test.run();
