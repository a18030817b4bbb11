// Monitors: when they are asked, where their figures go, and what their errors do.
import * as tf from '@tensorflow/tfjs';
import { fitCallback } from '@vogjs/callback';
import { createTracker, type Monitor, type ScorableModel, type Tracker, VogError } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withSeed } from '@vogjs/testing';
import { useBackend } from '../support/backend.js';
import { codedError } from '../support/errors.js';
import { meanLoss } from '../support/metrics.js';
import { compile, oneHotRows } from '../support/models.js';
import { runEpochs, sceneOf, trackerOf } from '../support/runs.js';

const test = suite('monitors');
test.before(() => useBackend('cpu'));

interface Recorder extends Monitor {
  readonly calls: string[];
  failAt: number | null;
}

/** Gives the number of the checkpoint as its figure; its second figure is 10 times that. */
function recorder(name: string, order: string[] = []): Recorder {
  const monitor: Recorder = {
    name,
    figures: ['count', 'ten-fold'],
    calls: order,
    failAt: null,
    begin: () => void order.push(`${name} begin`),
    checkpoint: async (_, { checkpoint }) => {
      order.push(`${name} ${checkpoint}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (monitor.failAt === checkpoint) throw new Error('planned');
      order.push(`${name} ${checkpoint} done`);
      return { count: checkpoint, 'ten-fold': 10 * checkpoint };
    },
    reset: () => void order.push(`${name} reset`),
    dispose: () => void order.push(`${name} dispose`),
  };
  return monitor;
}

function ends(tracker: Tracker): unknown[] {
  const figures: unknown[] = [];
  tracker.on('checkpointEnd', (info) => figures.push(info.figures));
  return figures;
}

test('they run in order, each to its end, after the pass and before training goes on; the event has their figures', () =>
  withSeed(async () => {
    const scene = sceneOf(1);
    const order: string[] = [];
    const tracker = trackerOf(scene, {
      metrics: [meanLoss()],
      monitors: [recorder('one', order), recorder('two.b', order)],
    });
    const figures = ends(tracker);
    tracker.on('checkpointBegin', ({ checkpoint }) => order.push(`pass ${checkpoint}`));
    tracker.on('checkpointEnd', ({ checkpoint }) => order.push(`end ${checkpoint}`));
    assert.equal(Object.keys(tracker.figures), ['one_count', 'one_ten_fold', 'two_b_count', 'two_b_ten_fold']);
    assert.ok(Object.values(tracker.figures).every(Number.isNaN));
    await runEpochs(scene, [tracker], 0, 2);
    await tracker.reset();
    assert.ok(Object.values(tracker.figures).every(Number.isNaN), 'reset forgets them');
    tracker.dispose();
    const checkpoint = (n: number): string[] => [
      `pass ${n}`,
      ...['one', 'two.b'].flatMap((name) => [`${name} ${n}`, `${name} ${n} done`]),
      `end ${n}`,
    ];
    assert.equal(order, [
      'one begin',
      'two.b begin',
      ...checkpoint(0),
      ...checkpoint(1),
      'one reset',
      'two.b reset',
      'one dispose',
      'two.b dispose',
    ]);
    assert.equal(figures[1], { one: { count: 1, 'ten-fold': 10 }, 'two.b': { count: 1, 'ten-fold': 10 } });
  }));

test("'throw': the error rejects the checkpoint, which is whole and counted all the same; the next one asks it again", () =>
  withSeed(async () => {
    const [scene, other] = [sceneOf(2), sceneOf(2)];
    const monitor = recorder('one');
    const tracker = trackerOf(scene, { metrics: [meanLoss()], monitors: [monitor, recorder('two')] });
    const alone = trackerOf(other, { metrics: [meanLoss()] });
    await runEpochs(other, [alone], 0, 3);
    const figures = ends(tracker);
    monitor.failAt = 1;
    await runEpochs(scene, [tracker], 0, 1);
    const error = await codedError(() => runEpochs(scene, [tracker], 1, 2), 'MONITOR_FAILED', /'one'.*planned/);
    assert.is(error.checkpoint, 1);
    assert.equal([error.plugin, error.metric, error.hook], [{ kind: 'monitor', name: 'one' }, undefined, 'checkpoint']);
    assert.is((error.cause as Error).message, 'planned');
    assert.is(tracker.checkpoints, 2);
    assert.equal(figures[1], { two: { count: 1, 'ten-fold': 10 } });
    assert.ok(Number.isNaN(tracker.figures['one_count']), 'no figure of an earlier checkpoint passes for this one');
    await runEpochs(scene, [tracker], 2, 3);
    assert.is(tracker.figures['one_count'], 2);
    assert.equal((await tracker.scores()).values, (await alone.scores()).values);
    for (const each of [tracker, alone]) each.dispose();
  }));

test("'quarantine': an event tells, training and the others go on, and it is asked again only after reset()", () =>
  withSeed(async () => {
    const scene = sceneOf(3);
    const monitor = recorder('one');
    const tracker = trackerOf(scene, {
      metrics: [meanLoss()],
      monitors: [monitor, recorder('two')],
      onError: 'quarantine',
    });
    const told: unknown[] = [];
    tracker.on('monitorError', ({ monitor: name, error }) => told.push([name, error.code, error.checkpoint]));
    monitor.failAt = 1;
    await runEpochs(scene, [tracker], 0, 4);
    assert.equal(told, [['one', 'MONITOR_FAILED', 1]]);
    assert.equal(
      monitor.calls.filter((call) => call === 'one 2'),
      [],
    );
    assert.is(tracker.figures['two_count'], 3);
    await tracker.reset();
    await runEpochs(scene, [tracker], 0, 1);
    assert.is(tracker.figures['one_count'], 0);
    tracker.dispose();
  }));

test('figures that are missing, no number or not declared are failures', () =>
  withSeed(async () => {
    for (const [given, message] of [
      [{}, /undefined for its figure 'count'/],
      [{ count: '1' }, /string/],
      [null, /undefined/],
      [{ count: 1, more: 2 }, /'more'/],
    ] as const) {
      const scene = sceneOf(4);
      const monitor: Monitor = { name: 'bad', figures: ['count'], checkpoint: () => given as never };
      const tracker = trackerOf(scene, { metrics: [meanLoss()], monitors: [monitor] });
      await codedError(() => runEpochs(scene, [tracker], 0, 1), 'MONITOR_FAILED', message);
      tracker.dispose();
    }
  }));

test("a code of a monitor's own passes unchanged, and gains monitor, hook and checkpoint", () =>
  withSeed(async () => {
    const scene = sceneOf(4);
    const thrown = new VogError('my-monitor/NO_DATA', 'planned');
    const checkpoint = async (): Promise<never> => {
      throw thrown;
    };
    const tracker = trackerOf(scene, {
      metrics: [meanLoss()],
      monitors: [{ name: 'bad', figures: ['count'], checkpoint }],
    });
    const error = await codedError(() => runEpochs(scene, [tracker], 0, 1), 'my-monitor/NO_DATA', /^planned$/);
    assert.is(error, thrown);
    assert.equal([error.plugin, error.hook, error.checkpoint], [{ kind: 'monitor', name: 'bad' }, 'checkpoint', 0]);
    tracker.dispose();
  }));

test('a monitor without name, figures or hook, and two of one name, are refused when the tracker is made', async () => {
  const good = recorder('one');
  const bad: readonly unknown[] = [
    [{ ...good, name: 'a b' }],
    [{ ...good, name: 5 }],
    [{ ...good, figures: [] }],
    [{ ...good, figures: [1] }],
    [{ ...good, checkpoint: 5 }],
    [null],
    [good, recorder('one')],
  ];
  const inputs = { data: new Float32Array(4), shape: [1, 4] };
  for (const monitors of bad) {
    await codedError(
      () => createTracker({ inputs, labels: [0], metrics: [meanLoss()], monitors: monitors as Monitor[] }),
      'MONITOR_INVALID',
    );
  }
});

test('what begin throws rejects begin, before training', () =>
  withSeed(async () => {
    const scene = sceneOf(5);
    const monitor: Monitor = {
      ...recorder('one'),
      begin: () => {
        throw new Error('planned');
      },
    };
    const tracker = trackerOf(scene, { metrics: [meanLoss()], monitors: [monitor] });
    await codedError(() => tracker.begin(scene.model as ScorableModel), 'MONITOR_FAILED', /before training.*planned/);
    tracker.dispose();
  }));

test('fit: the epoch logs and the history have the figures of every monitor', () =>
  withSeed(async () => {
    const scene = sceneOf(6);
    compile(scene.model);
    const tracker = trackerOf(scene, { metrics: [meanLoss()], monitors: [recorder('one')] });
    const xs = tf.tensor2d(scene.inputs.data, [10, 4]);
    const ys = oneHotRows(scene.labels);
    const { history } = await scene.model.fit(xs, ys, { epochs: 3, verbose: 0, callbacks: [fitCallback(tracker)] });
    assert.equal(history['one_count'], [0, 1, 2]);
    assert.equal(history['one_ten_fold'], [0, 10, 20]);
    const silent = trackerOf(scene, { metrics: [meanLoss()], monitors: [recorder('one')] });
    const quiet = await scene.model.fit(xs, ys, {
      epochs: 1,
      verbose: 0,
      callbacks: [fitCallback(silent, { logs: false })],
    });
    assert.is(quiet.history['one_count'], undefined);
    for (const each of [tracker, silent]) each.dispose();
    tf.dispose([xs, ys]);
  }));

test.run();
