// Windows are merges of one shared pass; they must equal trackers of their own.
import { fitCallback } from '@vogjs/callback';
import {
  createTracker,
  DeviceStateStore,
  during,
  either,
  epochs,
  everyEpoch,
  everySteps,
  scheduled,
  stages,
  steps,
  type Tracker,
} from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normalTensor, randomOf, withSeed } from '@vogjs/testing';
import { testBackends, useBackend } from '../support/backend.js';
import { firstLogits, hits, meanLoss } from '../support/metrics.js';
import { CLASSES, oneHotRows, smallDense } from '../support/models.js';
import { integers } from '../support/random.js';
import { relativeError } from '../support/reference.js';
import { runEpochs, sceneOf, trackerOf } from '../support/runs.js';

const test = suite('windows');
const metrics = () => [vog(), vog({ name: 'vog1', ddof: 1, reduce: 'variance' }), meanLoss(), hits(), firstLogits()];

async function same(a: Tracker, aWindow: string, b: Tracker, bWindow = 'complete'): Promise<void> {
  for (const metric of a.metrics) {
    const [left, right] = [await a.scores(metric, { window: aWindow }), await b.scores(metric, { window: bWindow })];
    assert.is(left.checkpoints, right.checkpoints, `${metric}: checkpoints of ${aWindow}`);
    const error = relativeError(left.values, right.values);
    assert.ok(error < 5e-6, `${metric}: ${aWindow} differs from ${bWindow} by ${error}`);
    assert.is(left.window, aWindow);
  }
}

for (const backend of testBackends()) {
  test(`${backend}: windows of one tracker = trackers of their own; 'complete' = a tracker without windows, gaps included`, () =>
    withSeed(async () => {
      await useBackend(backend);
      const scene = sceneOf(1);
      // Epochs 0 and 4 to 5 lie in no window; written out of order.
      const windows = { late: epochs(6, 9), early: epochs(1, 4) };
      const shared = trackerOf(scene, { metrics: metrics(), windows });
      const plain = trackerOf(scene, { metrics: metrics() });
      const alone = {
        early: trackerOf(scene, { metrics: metrics(), schedule: during(everyEpoch(), epochs(1, 4)) }),
        late: trackerOf(scene, { metrics: metrics(), schedule: during(everyEpoch(), epochs(6, 9)) }),
      };
      for (let epoch = 0; epoch < 9; epoch++) {
        scene.train();
        for (const tracker of [shared, plain]) await tracker.checkpoint(scene.model, { epoch });
        for (const tracker of Object.values(alone)) await tracker.observe(scene.model, { epoch });
      }
      assert.equal(
        [shared, plain, alone.early, alone.late].map(({ checkpoints }) => checkpoints),
        [9, 9, 3, 3],
      );
      await same(shared, 'early', alone.early);
      await same(shared, 'late', alone.late);
      await same(shared, 'complete', plain);
      for (const tracker of [shared, plain, ...Object.values(alone)]) tracker.dispose();
    }));
}

test('windows that overlap = trackers of their own, from one pass, saved and gone on with, in memory as planned', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(7);
    // 'inner' lies in 'whole', 'last' reaches over its end, and epoch 0 is in none.
    const windows = { whole: epochs(1, 7), inner: epochs(2, 4), last: epochs(5, 9) };
    const store = new DeviceStateStore();
    const options = { metrics: metrics(), windows, total: { epochs: 9 } };
    let shared = trackerOf(scene, { ...options, provide: { stateStore: store } });
    const plain = trackerOf(scene, { metrics: metrics() });
    const alone = Object.entries(windows).map(([name, range]) => {
      return { name, tracker: trackerOf(scene, { metrics: metrics(), schedule: during(everyEpoch(), range) }) };
    });
    const told: string[] = [];
    for (let epoch = 0; epoch < 9; epoch++) {
      scene.train();
      const off = shared.on('checkpointEnd', ({ windows: own }) => void told.push(own.join(' ')));
      for (const tracker of [shared, plain]) await tracker.checkpoint(scene.model, { epoch });
      off();
      for (const { tracker } of alone) await tracker.observe(scene.model, { epoch });
      if (epoch !== 5) continue;
      const saved = await shared.serialise();
      shared.dispose();
      shared = trackerOf(scene, { ...options, provide: { stateStore: store } });
      await shared.load(saved);
    }
    assert.equal(told, [
      '',
      'whole',
      'whole inner',
      'whole inner',
      'whole',
      ...Array(2).fill('whole last'),
      'last',
      'last',
    ]);
    const plan = shared.plan();
    assert.equal(plan.segments, ['gap-0', 'whole', 'whole+inner', 'whole#2', 'whole+last', 'last']);
    assert.equal(plan.windows, ['whole', 'inner', 'last']);
    assert.is(store.bytes(), plan.stateBytes);
    for (const { name, tracker } of alone) await same(shared, name, tracker);
    await same(shared, 'complete', plain);
    for (const tracker of [shared, plain, ...alone.map((each) => each.tracker)]) tracker.dispose();
  }));

test("windows inside a real fit, by stages, steps and a mid-epoch schedule = trackers with 'during'", () =>
  withSeed(async () => {
    await useBackend();
    const random = randomOf(2);
    const model = smallDense(random);
    const inputs = normalTensor(random, [9, 4]);
    const labels = integers(random, 9, CLASSES);
    const make = (options: object): Tracker =>
      createTracker({ inputs, labels, metrics: metrics(), chunkSize: 5, ...options });
    const third = (from: number, to: number) => ({ unit: 'fraction', from: from / 3, to: to / 3 }) as const;
    const trackers = {
      staged: make({ windows: stages(3) }),
      early: make({ schedule: during(everyEpoch(), third(0, 1)) }),
      late: make({ schedule: during(everyEpoch(), third(2, 3)) }),
      // 4 batches an epoch, 7 epochs: 28 steps; windows end in the middle of epochs.
      stepped: make({ schedule: everySteps(3), windows: { first: steps(0, 10), second: steps(10, 21) } }),
      first: make({ schedule: during(everySteps(3), steps(0, 10)) }),
      second: make({ schedule: during(everySteps(3), steps(10, 21)) }),
      whole: make({ schedule: everySteps(3) }),
    };
    const ys = oneHotRows(integers(random, 19, CLASSES));
    await model.fit(normalTensor(random, [19, 4]), ys, {
      epochs: 7,
      batchSize: 5,
      verbose: 0,
      callbacks: Object.values(trackers).map((tracker) => fitCallback(tracker, { logs: false })),
    });
    assert.is(trackers.whole.checkpoints, 9);
    await same(trackers.staged, 'early', trackers.early);
    await same(trackers.staged, 'late', trackers.late);
    await same(trackers.stepped, 'first', trackers.first);
    await same(trackers.stepped, 'second', trackers.second);
    await same(trackers.stepped, 'complete', trackers.whole);
    for (const tracker of Object.values(trackers)) tracker.dispose();
  }));

test('a window without a checkpoint has NaN for VoG and a note, and does not spoil the others', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(3);
    const tracker = trackerOf(scene, { metrics: [vog()], windows: { early: epochs(0, 3), late: epochs(50, 60) } });
    await runEpochs(scene, [tracker], 0, 3);
    const late = await tracker.scores('vog', { window: 'late' });
    assert.ok(late.values.every(Number.isNaN));
    assert.is(late.checkpoints, 0);
    assert.is(late.notes.length, 1);
    const [complete, early] = [await tracker.scores('vog'), await tracker.scores('vog', { window: 'early' })];
    assert.equal([...complete.values], [...early.values]);
    assert.ok(complete.values.every((value) => value > 0));
    tracker.dispose();
  }));

test('a metric with a schedule of its own counts its own checkpoints in each window', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(4);
    const tracker = trackerOf(scene, {
      metrics: [meanLoss('each'), scheduled(meanLoss('second'), everyEpoch(2))],
      windows: { early: epochs(0, 3), late: epochs(3, 6) },
    });
    for (let epoch = 0; epoch < 6; epoch++) {
      scene.train();
      await tracker.observe(scene.model, { epoch, step: epoch + 1 });
    }
    const count = async (metric: string, window: string): Promise<number> =>
      (await tracker.scores(metric, { window })).checkpoints;
    assert.equal(
      [
        await count('each', 'early'),
        await count('each', 'late'),
        await count('second', 'early'),
        await count('second', 'late'),
      ],
      [3, 3, 1, 2],
    );
    assert.is(await count('second', 'complete'), 3);
    tracker.dispose();
  }));

test('metrics of different schedules due at the same step each get their checkpoint, and none gets two', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(5);
    const tracker = trackerOf(scene, {
      metrics: [
        scheduled(meanLoss('steps'), everySteps(4)),
        scheduled(meanLoss('epochs'), everyEpoch()),
        scheduled(meanLoss('both'), either(everySteps(2), everyEpoch())),
      ],
    });
    let step = 0;
    for (let epoch = 0; epoch < 3; epoch++) {
      for (let batch = 0; batch < 4; batch++)
        await tracker.observe(scene.model, { epoch, step: ++step, epochEnd: false });
      await tracker.observe(scene.model, { epoch, step });
    }
    const counts = await Promise.all(tracker.metrics.map(async (metric) => (await tracker.scores(metric)).checkpoints));
    assert.equal(counts, [3, 3, 6]);
    tracker.dispose();
  }));

test('a state is 2 x N x H x W x 4 bytes and a count a window, as plan() told, after 3 checkpoints and after 12', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(6);
    const store = new DeviceStateStore();
    const tracker = trackerOf(scene, {
      metrics: [vog()],
      windows: { early: epochs(0, 2), late: epochs(2, 12) },
      total: { epochs: 12 },
      provide: { stateStore: store },
    });
    const plan = await tracker.begin(scene.model);
    assert.is(plan.stateBytes, 2 * (2 * 10 * 4 * 4 + 3 * 4));
    assert.equal(plan.segments, ['early', 'late']);
    assert.equal(
      [plan.chunkSize, plan.chunks, plan.forwardPasses, plan.backwardPasses, plan.chunkInputBytes],
      [4, 3, 3, 3, 64],
    );
    await runEpochs(scene, [tracker], 0, 3);
    assert.is(store.bytes(), plan.stateBytes);
    await runEpochs(scene, [tracker], 3, 12);
    assert.is(store.bytes(), plan.stateBytes);
    tracker.dispose();
    assert.is(store.bytes(), 0);
  }));

test.run();
