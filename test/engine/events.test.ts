// Events, streams and the pipeline: what is told, in which order, and that nobody who listens can harm a run.
import { createTracker, epochs, type Tracker } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { config, filter, firstValueFrom, lastValueFrom, map, share, tap, toArray } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withSeed } from '@vogjs/testing';
import { useBackend } from '../support/backend.js';
import { codedError } from '../support/errors.js';
import { meanLoss } from '../support/metrics.js';
import { runEpochs, type Scene, sceneOf, scoresOf, trackerOf } from '../support/runs.js';

const test = suite('events');
test.before(() => useBackend());

const unhandled: unknown[] = [];
for (const event of ['unhandledRejection', 'uncaughtException']) process.on(event, (error) => unhandled.push(error));
/** Long enough for timers and rejections to surface. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

function quiet(scene: Scene, options: object = {}): { tracker: Tracker; warnings: string[] } {
  const warnings: string[] = [];
  const tracker = trackerOf(scene, {
    metrics: [vog(), meanLoss()],
    provide: { logger: { warn: (message) => warnings.push(message) } },
    ...options,
  });
  return { tracker, warnings };
}

const boom = (where: string) => (): never => {
  throw new Error(`boom ${where}`);
};

/** Every value in a payload that is no plain data. */
function foreign(value: unknown): unknown[] {
  if (value === null || ['number', 'string', 'boolean', 'undefined'].includes(typeof value)) return [];
  if (typeof value === 'object' && (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)) {
    return Object.values(value).flatMap(foreign);
  }
  return [value];
}

test('one checkpoint: begin, a progress for each chunk, end; then reset and dispose; payloads are plain data', () =>
  withSeed(async () => {
    const scene = sceneOf(1);
    const { tracker } = quiet(scene, { windows: { early: epochs(0, 2) } });
    const told: [string, unknown][] = [];
    const names = ['checkpointBegin', 'progress', 'checkpointEnd', 'metricError', 'reset', 'dispose'] as const;
    for (const name of names) tracker.on(name, (...payload: unknown[]) => told.push([name, payload[0]]));
    await tracker.begin(scene.model);
    assert.equal(told, []);
    await tracker.checkpoint(scene.model, { epoch: 3, step: 17 });
    await tracker.reset();
    tracker.dispose();
    assert.equal(
      told.map(([name]) => name),
      ['checkpointBegin', 'progress', 'progress', 'progress', 'checkpointEnd', 'reset', 'dispose'],
    );
    assert.equal(
      told.flatMap(([, payload]) => foreign(payload)),
      [],
    );
    const info = {
      checkpoint: 0,
      position: { epoch: 3, epochsCompleted: 4, step: 17, progress: null },
      window: 'gap-1',
      windows: [],
      metrics: ['vog', 'mean-loss'],
    };
    assert.equal(told[0]?.[1], info);
    const { milliseconds, ...end } = (told[4] as [string, { milliseconds: number }])[1];
    assert.equal(end, { ...info, examples: 10, figures: {} });
    assert.ok(milliseconds >= 0);
    assert.equal(
      told.slice(1, 4).map(([, payload]) => (payload as { done: number }).done),
      [4, 8, 10],
    );
  }));

test('on() gives the way out, and unsubscribing one of two equal listeners leaves the other', () =>
  withSeed(async () => {
    const scene = sceneOf(2);
    const { tracker } = quiet(scene);
    let calls = 0;
    const listener = (): void => void calls++;
    const off = tracker.on('checkpointEnd', listener);
    tracker.on('checkpointEnd', listener);
    await runEpochs(scene, [tracker], 0, 1);
    assert.is(calls, 2);
    off();
    off();
    await runEpochs(scene, [tracker], 1, 2);
    assert.is(calls, 3);
    tracker.dispose();
  }));

test('listeners that throw, plainly or later, are logged; scores are those of a quiet run', () =>
  withSeed(async () => {
    const [scene, twin] = [sceneOf(3), sceneOf(3)];
    const { tracker, warnings } = quiet(scene);
    const control = quiet(twin).tracker;
    let reached = 0;
    tracker.on('checkpointBegin', boom('begin'));
    tracker.on('checkpointBegin', () => void reached++);
    tracker.on('progress', (async () => boom('async listener')()) as () => void);
    tracker.on('checkpointEnd', boom('end'));
    tracker.on('dispose', boom('dispose'));
    tracker.checkpoints$.subscribe(() => void reached++);
    await runEpochs(scene, [tracker], 0, 2);
    await runEpochs(twin, [control], 0, 2);
    assert.equal(await scoresOf(tracker), await scoresOf(control));
    assert.is(reached, 4, 'those after a listener that threw are called');
    tracker.dispose();
    await settle();
    assert.equal(unhandled, []);
    for (const where of ['begin', 'async listener', 'end', 'dispose']) {
      assert.ok(
        warnings.some((message) => message.includes(`boom ${where}`)),
        `'${where}' was not logged`,
      );
    }
    control.dispose();
  }));

test("what a stream's subscriber throws is reported by RxJS, later and by its own rules; run and tracker go on", () =>
  withSeed(async () => {
    const [scene, twin] = [sceneOf(13), sceneOf(13)];
    const { tracker, warnings } = quiet(scene);
    const control = quiet(twin).tracker;
    const reported: string[] = [];
    config.onUnhandledError = (error: Error) => void reported.push(error.message);
    try {
      let reached = 0;
      let told: unknown;
      tracker.checkpoints$.subscribe(boom('next'));
      tracker.checkpoints$.subscribe({ next: boom('observer') });
      tracker.checkpoints$.pipe(map(boom('map'))).subscribe();
      tracker.checkpoints$.pipe(map(boom('caught'))).subscribe({ error: (error: unknown) => void (told = error) });
      tracker.checkpoints$.pipe(map(boom('map'))).subscribe({ error: boom('error handler') });
      tracker.progress$
        .pipe(
          filter(({ done }) => done === 10),
          tap(boom('tap')),
        )
        .subscribe(() => {});
      tracker.progress$.pipe(share()).subscribe(boom('shared'));
      tracker.checkpoints$.subscribe({ complete: boom('complete') });
      tracker.checkpoints$.subscribe(() => void reached++);
      await runEpochs(scene, [tracker], 0, 2);
      await runEpochs(twin, [control], 0, 2);
      assert.equal(await scoresOf(tracker), await scoresOf(control));
      assert.is(reached, 2, 'those after a subscriber that threw are called');
      assert.match(String(told), /boom caught/);
      tracker.dispose();
      await settle();
      const wheres = ['next', 'observer', 'map', 'error handler', 'tap', 'shared', 'complete'];
      for (const where of wheres) assert.ok(reported.includes(`boom ${where}`), `'${where}' was not reported`);
      assert.not(reported.includes('boom caught'), 'an error that a subscriber takes is its own');
      assert.equal(warnings, []);
      assert.equal(unhandled, []);
    } finally {
      config.onUnhandledError = null;
    }
    control.dispose();
  }));

test("without RxJS's onUnhandledError the error of a subscriber reaches the process, after the checkpoint", () =>
  withSeed(async () => {
    const scene = sceneOf(14);
    const { tracker } = quiet(scene);
    tracker.checkpoints$.subscribe(boom('bare'));
    await runEpochs(scene, [tracker], 0, 1);
    assert.is(tracker.checkpoints, 1);
    await settle();
    assert.equal(
      unhandled.splice(0).map((error) => (error as Error).message),
      ['boom bare'],
    );
    tracker.dispose();
  }));

test('streams tell what events tell, and complete on dispose, also for whoever subscribes late', () =>
  withSeed(async () => {
    const scene = sceneOf(4);
    const { tracker } = quiet(scene);
    const all = lastValueFrom(
      tracker.checkpoints$.pipe(
        map(({ checkpoint }) => checkpoint),
        toArray(),
      ),
    );
    const done = lastValueFrom(
      tracker.progress$.pipe(
        map((progress) => progress.done),
        toArray(),
      ),
    );
    const first = firstValueFrom(tracker.checkpoints$);
    await runEpochs(scene, [tracker], 0, 3);
    assert.is((await first).checkpoint, 0);
    tracker.dispose();
    assert.equal(await all, [0, 1, 2]);
    assert.equal(await done, [4, 8, 10, 4, 8, 10, 4, 8, 10]);
    assert.equal(await lastValueFrom(tracker.checkpoints$.pipe(toArray())), []);
    assert.equal(await lastValueFrom(tracker.progress$.pipe(toArray())), []);
  }));

test('an unsubscribed stream hears no more, and holds no listener', () =>
  withSeed(async () => {
    const scene = sceneOf(5);
    const { tracker } = quiet(scene);
    let heard = 0;
    const subscription = tracker.checkpoints$.subscribe(() => heard++);
    await runEpochs(scene, [tracker], 0, 1);
    subscription.unsubscribe();
    await runEpochs(scene, [tracker], 1, 2);
    assert.is(heard, 1);
    tracker.dispose();
  }));

test('calls that are not awaited run one after the other, in their order, from the very first', () =>
  withSeed(async () => {
    const [scene, twin] = [sceneOf(6), sceneOf(6)];
    const { tracker } = quiet(scene);
    const order: string[] = [];
    tracker.on('checkpointBegin', ({ checkpoint }) => order.push(`begin ${checkpoint}`));
    tracker.on('checkpointEnd', ({ checkpoint }) => order.push(`end ${checkpoint}`));
    const early = tracker.scores('mean-loss');
    const runs = [0, 1, 2].map((epoch) => tracker.checkpoint(scene.model, { epoch }));
    const late = tracker.scores('mean-loss');
    const saved = tracker.serialise();
    const cleared = tracker.reset();
    const empty = tracker.scores('mean-loss');
    assert.is((await early).checkpoints, 0);
    assert.is((await late).checkpoints, 3, 'scores asked after a checkpoint include it');
    await Promise.all(runs);
    await cleared;
    assert.is((await empty).checkpoints, 0);
    assert.equal(order, ['begin 0', 'end 0', 'begin 1', 'end 1', 'begin 2', 'end 2']);
    const loaded = quiet(twin).tracker;
    await loaded.load(await saved);
    assert.is(loaded.checkpoints, 3);
    tracker.dispose();
    loaded.dispose();
  }));

test('a command that fails does not stop those after it', () =>
  withSeed(async () => {
    const scene = sceneOf(7);
    const { tracker } = quiet(scene);
    const failing = tracker.scores('nope');
    const running = tracker.checkpoint(scene.model, { epoch: 0 });
    const wrong = tracker.checkpoint(scene.model, { epoch: -1 });
    const after = tracker.checkpoint(scene.model, { epoch: 2 });
    await codedError(() => failing, 'METRIC_UNKNOWN');
    await running;
    await codedError(() => wrong, 'ARGUMENT_INVALID');
    await after;
    assert.is(tracker.checkpoints, 2);
    tracker.dispose();
  }));

test('dispose with work waiting: every promise settles as DISPOSED, none hangs', () =>
  withSeed(async () => {
    const scene = sceneOf(8);
    const { tracker } = quiet(scene);
    const pending = [
      tracker.checkpoint(scene.model, { epoch: 0 }),
      tracker.checkpoint(scene.model, { epoch: 1 }),
      tracker.observe(scene.model, { epoch: 2 }),
      tracker.scores('vog'),
      tracker.serialise(),
      tracker.reset(),
    ];
    await Promise.resolve();
    tracker.dispose();
    for (const promise of pending) await codedError(() => promise, 'DISPOSED');
    await settle();
    assert.equal(unhandled, []);
  }));

test('a chunk source is read one stretch at a time, in order, the weights still until the checkpoint resolves', () =>
  withSeed(async () => {
    const scene = sceneOf(9);
    const { data } = scene.inputs;
    let active = 0;
    const stretches: string[] = [];
    const tracker = createTracker({
      inputs: {
        size: 10,
        shape: [4],
        read: async (start, end) => {
          active++;
          assert.is(active, 1, 'two reads at once');
          await new Promise((resolve) => setTimeout(resolve, 2));
          active--;
          stretches.push(`${start}-${end}`);
          return data.subarray(start * 4, end * 4);
        },
      },
      labels: scene.labels,
      metrics: [vog()],
      chunkSize: 4,
    });
    await tracker.begin(scene.model);
    stretches.length = 0;
    await Promise.all([tracker.checkpoint(scene.model, { epoch: 0 }), tracker.checkpoint(scene.model, { epoch: 1 })]);
    assert.equal(stretches, ['0-4', '4-8', '8-10', '0-4', '4-8', '8-10']);
    tracker.dispose();
  }));

test.run();
