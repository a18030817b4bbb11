import process from 'node:process';
import { VogError } from '@vogjs/base';
import { Scores, type Tracker } from '@vogjs/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Allowance } from './allowance.js';
import type { WatchEvents } from './watch-events.js';
import { watchTracker } from './watch-tracker.js';

const CHECKPOINT = { metrics: ['aum'], milliseconds: 5, figures: { probe: { loss: 1 } } };

/** A tracker of four examples whose scores are what `values` says of a window. */
function fakeTracker(values: (window: string) => readonly number[], windows: readonly string[] = []) {
  const listeners = new Map<string, (told: object) => unknown>();
  let isGone = false;
  const tracker = {
    metrics: ['loss', 'aum'],
    checkpoints: 0,
    observed: null,
    position: null,
    runLength: { epochs: 4 },
    plan: () => ({ windows, examples: 4, stateBytes: 64 }),
    on(event: string, listen: (told: object) => unknown) {
      listeners.set(event, listen);
      return () => void listeners.delete(event);
    },
    async columns(metric: string, { window = 'complete' }: { window?: string } = {}) {
      if (isGone) throw new VogError('DISPOSED', 'gone');
      const scores = new Scores({
        metric,
        column: metric,
        window,
        hardDirection: 'high',
        checkpoints: 2,
        values: Float32Array.from(values(window)),
        ids: Array.from(values(window), (_, row) => 'abcdefghijklmnopqrst'[row] as string),
        labels: null,
        classNames: undefined,
        notes: [],
        words: undefined,
      });
      return { [metric]: scores };
    },
  } as unknown as Tracker;
  const tell = (event: string, facts: object = {}): unknown => listeners.get(event)?.(facts);
  const at = (checkpoint: number, window = 'complete', progress = 0.25): unknown => {
    const position = { epoch: checkpoint, epochsCompleted: checkpoint + 1, step: 10 * checkpoint, progress };
    return tell('checkpointEnd', { ...CHECKPOINT, checkpoint, position, window, windows: [window] });
  };
  return { tracker, tell, at, listeners, dispose: () => void (isGone = true) };
}

type Told = { readonly type: keyof WatchEvents } & Record<string, unknown>;

function watched(tracker: Tracker, options?: Parameters<typeof watchTracker>[2]) {
  const told: Told[] = [];
  const stop = watchTracker(tracker, (type, facts) => told.push({ type, ...facts }), options);
  const standings = () =>
    told.filter(({ type }) => type === 'standing') as unknown as (WatchEvents['standing'] & { type: string })[];
  return { told, stop, standings };
}

test('each checkpoint is a standing: bands, the hardest by the best known metric, and how they moved', async () => {
  let values = [4, 3, 2, Number.NaN];
  const { tracker, at } = fakeTracker(() => values);
  const { told, standings, stop } = watched(tracker, { hardest: 2, memory: () => 1000 });
  assert.equal(told[0], { type: 'watch', metrics: ['loss', 'aum'], examples: 4, checkpoints: 0 });
  await at(0);
  values = [1, 3, 2, 9];
  await at(1);
  await stop();
  const [first, second] = standings();
  assert.equal(
    first?.scores?.columns.map(({ name, scored, mean }) => [name, scored, mean]),
    [
      ['loss', 3, 3],
      ['aum', 3, 3],
    ],
  );
  assert.equal([first?.scores?.by, first?.scores?.flips, first?.epochs, first?.windows], ['aum', null, 4, []]);
  assert.equal(first?.memory, { states: 64, process: 1000 });
  assert.equal(first?.figures, CHECKPOINT.figures);
  assert.equal(
    second?.scores?.hardest.map(({ id, was }) => [id, was]),
    [
      ['d', null],
      ['b', 2],
    ],
  );
});

test('with windows, flips compare the first with the present one; without, the first standing with now', async () => {
  const size = 20;
  const rising = (window: string): number[] =>
    Array.from({ length: size }, (_, row) => (window === 'late' && row === 0 ? 99 : row));
  const many = fakeTracker(rising, ['early', 'late']);
  const { standings, stop } = watched(many.tracker);
  await many.at(0, 'early');
  await many.at(1, 'late');
  await stop();
  assert.is(standings()[0]?.scores?.flips, null);
  const { early, late, count } = standings()[1]!.scores!.flips!;
  // Example 'a' was the easiest, and is the hardest.
  assert.equal([early, late, count], ['early', 'late', 1]);
});

test('a metric without a score yet is left out, and one that failed is told once, not for ever', async () => {
  const { tracker, at, tell } = fakeTracker(() => [Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  const { told, standings, stop } = watched(tracker);
  await at(0);
  tell('metricError', { metric: 'aum', error: new VogError('METRIC_FAILED', 'no') });
  tell('epochEnd', { epoch: 0, logs: { loss: 2 } });
  await stop();
  assert.equal(standings()[0]?.scores, { columns: [], by: null, hardest: [], flips: null });
  assert.equal(told.slice(2), [
    { type: 'failed', name: 'aum', message: 'no' },
    { type: 'logs', epoch: 0, logs: { loss: 2 } },
  ]);
});

test('a tracker that is disposed ends the watching, also while a standing is being read', async () => {
  const { tracker, at, tell, listeners, dispose } = fakeTracker(() => [1, 2, 3, 4]);
  const { told, stop } = watched(tracker);
  const reading = at(0);
  dispose();
  tell('dispose');
  await reading;
  assert.equal(
    told.map(({ type }) => type),
    ['watch', 'ended'],
  );
  assert.is(listeners.size, 0);
  await stop();
});

test('stopping waits for the standing that is being read', async () => {
  const { tracker, at } = fakeTracker(() => [1, 2, 3, 4]);
  const { standings, stop } = watched(tracker);
  void at(0);
  await stop();
  assert.is(standings().length, 1);
});

test('who begins late is told at once where the examples stand', async () => {
  const { tracker } = fakeTracker(() => [1, 2, 3, 4]);
  const position = { epoch: 2, epochsCompleted: 3, step: 30, progress: 0.75 };
  const { standings, stop } = watched(Object.assign(tracker, { checkpoints: 3, position }));
  await stop();
  assert.equal([standings()[0]?.checkpoint, standings()[0]?.scores?.hardest[0]?.id], [2, 'd']);
});

test('watching that has taken its share tells figures alone, and the last checkpoint whole', async () => {
  const { tracker, at } = fakeTracker(() => [1, 2, 3, 4]);
  const { standings, stop } = watched(tracker, { share: 0 });
  const real = process.cpuUsage.bind(process);
  let seconds = 0;
  // Each look at the clock is a second later.
  process.cpuUsage = () => ({ user: 1e6 * ++seconds, system: 0 });
  try {
    await at(0);
    await at(1);
    await at(3, 'complete', 1);
  } finally {
    process.cpuUsage = real;
  }
  await stop();
  assert.equal(
    standings().map(({ scores }) => scores === null),
    [false, true, false],
  );
});

test('the allowance grows with time, by its share', async () => {
  let now = 0;
  const allowance = new Allowance(0.01, () => now);
  assert.is(allowance.isOpen, true);
  await allowance.spend(async () => void (now = 500));
  assert.is(allowance.isOpen, false);
  now = 30_000;
  assert.is(allowance.isOpen, true);
});

test('a wrong metric, a wrong tracker and wrong options are refused', () => {
  const { tracker } = fakeTracker(() => []);
  const codeOf = (call: () => unknown): unknown => {
    try {
      call();
    } catch (error) {
      return (error as VogError).code;
    }
    return null;
  };
  assert.is(
    codeOf(() => watchTracker(tracker, () => {}, { by: 'vogue' })),
    'METRIC_UNKNOWN',
  );
  assert.is(
    codeOf(() => watchTracker({} as Tracker, () => {})),
    'ARGUMENT_INVALID',
  );
  assert.is(
    codeOf(() => watchTracker(tracker, 1 as never)),
    'ARGUMENT_INVALID',
  );
  assert.is(
    codeOf(() => watchTracker(tracker, () => {}, { share: 2 })),
    'ARGUMENT_INVALID',
  );
});

test.run();
