import type { Tracker } from '@vogjs/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRun } from '../open/open-run.js';
import { memoryStorage } from '../storage/memory.js';
import { recordRun } from './record-run.js';

/** A tracker of two examples that tells of checkpoints when it is told to, as one loaded with `checkpoints` would. */
function trackerAt(checkpoints: number) {
  let listener: (told: object) => unknown = () => {};
  const tracker = {
    metrics: ['aum'],
    checkpoints,
    examples: async () => ({ ids: ['a', 'b'], labels: Int32Array.of(0, 1), classNames: ['x', 'y'] }),
    on(_: string, listen: typeof listener) {
      listener = listen;
      return () => (listener = () => {});
    },
    columns: async (_: string, { window }: { window: string }) => ({
      aum: { hardDirection: 'low', checkpoints: 3, values: Float32Array.of(window.length, 1), notes: [] },
    }),
  } as unknown as Tracker;
  const tell = (checkpoint: number, window: string, epoch = checkpoint): unknown =>
    listener({ checkpoint, position: { epoch, step: 10 * epoch }, window, metrics: ['aum'], milliseconds: 1 });
  return { tracker, tell };
}

test('a tracker is followed into a run: an event a checkpoint, a column a window, and no more once it is finished', async () => {
  const storage = memoryStorage();
  const { tracker, tell } = trackerAt(0);
  const recorder = await recordRun(tracker, storage, { config: { epochs: 2 } });
  tell(0, 'early');
  tell(1, 'late');
  await recorder.finish();
  tell(2, 'later');
  const run = await openRun(storage);
  assert.equal(
    (await run.scores()).columns.map(({ name }) => name),
    ['aum', 'aum@early', 'aum@late'],
  );
  assert.is((await run.events()).length, 2);
  const { state, checkpoints, primary, classNames } = run.manifest;
  assert.equal([state, primary, classNames], ['complete', 'aum', ['x', 'y']]);
  assert.equal(checkpoints, [
    { epoch: 0, step: 0 },
    { epoch: 1, step: 10 },
  ]);
});

test('a run that is gone on with has the checkpoints and windows from before, but none that the tracker has lost', async () => {
  const storage = memoryStorage();
  const first = trackerAt(0);
  const killed = await recordRun(first.tracker, storage);
  for (const checkpoint of [0, 1, 2]) await first.tell(checkpoint, checkpoint < 2 ? 'early' : 'lost');
  killed.stop();
  // Saved after the second checkpoint; the third is taken anew, elsewhere.
  const second = trackerAt(2);
  const recorder = await recordRun(second.tracker, storage, { replace: 'resume' });
  await second.tell(2, 'late', 7);
  await recorder.finish();
  const { checkpoints, windows } = (await openRun(storage)).manifest;
  assert.equal(
    checkpoints.map(({ epoch }) => epoch),
    [0, 1, 7],
  );
  assert.equal(windows, ['complete', 'early', 'late']);
});

test.run();
