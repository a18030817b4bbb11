// A real fit that is told of over a BroadcastChannel: who joins early, late, again, and what is refused.
import { setTimeout as pause } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { fitCallback } from '@vogjs/callback';
import { createTracker } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import {
  type BroadcastPicture,
  type BroadcastTraining,
  broadcastTracker,
  followBroadcast,
  watchTracker,
} from '@vogjs/run/record';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { disposeFit, SIZE, smallFit, type SmallFit } from './support/small-fit.js';

const test = suite<SmallFit & { channel: string }>('a training told over a channel');
let channels = 0;

test.before(async () => {
  await tf.setBackend('cpu');
});
test.before.each((context) => {
  Object.assign(context, smallFit());
  context.channel = `test ${++channels}`;
});
test.after.each(disposeFit);

/** Follows, and remembers what it is told. */
function followed(channel: string) {
  const trainings: BroadcastTraining[] = [];
  const lines: string[] = [];
  let goings = 0;
  const following = followBroadcast({
    channel,
    onBegin: (training) => {
      trainings.push(training);
      lines.length = 0;
    },
    onLine: (line) => lines.push(line),
    onGone: () => goings++,
  });
  const types = (): string[] => lines.map((line) => (JSON.parse(line) as { type: string }).type);
  return { ...following, trainings, lines, types, goings: () => goings };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !holds(); tries++) await pause(10);
  assert.ok(holds(), String(holds));
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof VogError) return error.code;
    throw error;
  }
  return 'none';
}

const STORY = ['watch', 'logs', 'standing', 'logs', 'standing', 'logs', 'standing'];
const sorted = (types: readonly string[]): string[] => types.filter((type) => type !== 'position').toSorted();

test('who joins late is told the same as who was there, and as a listener in the page', async (context) => {
  const { tracker, model, xs, ys, channel } = context;
  const early = followed(channel);
  const own: string[] = [];
  const stop = watchTracker(tracker, (type) => own.push(type));
  const broadcast = await broadcastTracker(tracker, { channel, name: 'toy' });
  assert.is(broadcast.channel, channel);
  await model.fit(xs, ys, { epochs: 3, verbose: 0, callbacks: [fitCallback(tracker)] });
  await stop();
  await until(() => sorted(early.types()).length === STORY.length);
  const late = followed(channel);
  await until(() => late.lines.length >= early.lines.length);
  assert.equal(late.lines, early.lines);
  assert.equal(sorted(late.types()), STORY.toSorted());
  assert.equal(sorted(late.types()), sorted(own));
  const [training] = late.trainings;
  assert.equal([training!.name, training!.classNames, training!.pictures], ['toy', ['ant', 'bee', 'cat'], null]);
  // Not the last line: figures of the last epoch may be told after its standing.
  const told = late.lines.map((line) => JSON.parse(line) as { type: string; when: string });
  const last = told.findLast(({ type }) => type === 'standing') as unknown as {
    when: string;
    scores: { hardest: unknown[] };
  };
  assert.is(last.scores.hardest.length, SIZE);
  assert.ok(Number.isFinite(Date.parse(last.when)));
  await broadcast.close();
  await until(() => late.goings() === 1 && early.goings() === 1);
  // Nobody answers any more.
  const after = followed(channel);
  await pause(50);
  assert.equal(after.trainings, []);
  for (const each of [early, late, after]) each.close();
});

test('a story goes on without a line twice, and a second training begins anew', async ({
  tracker,
  model,
  xs,
  ys,
  channel,
}) => {
  const view = followed(channel);
  const first = await broadcastTracker(tracker, { channel });
  await model.fit(xs, ys, { epochs: 1, verbose: 0, callbacks: [fitCallback(tracker)] });
  await until(() => sorted(view.types()).length === 3);
  // What another view is told is heard by this one too.
  const other = followed(channel);
  await until(() => other.lines.length >= view.lines.length);
  assert.equal(view.lines, other.lines);
  await first.close();
  const second = createTracker({ inputs: xs as tf.Tensor4D, metrics: [vog({ label: 'predicted' })] });
  const again = await broadcastTracker(second, { channel, name: 'second' });
  await until(() => view.trainings.length === 2);
  assert.equal([view.trainings[1]!.name, view.types()], ['second', ['watch']]);
  assert.is(view.trainings[1]!.classNames, null);
  second.dispose();
  await until(() => view.types().includes('ended'));
  await again.close();
  view.close();
  other.close();
});

test('who missed lines asks for them', async ({ tracker, channel }) => {
  const view = followed(channel);
  const broadcast = await broadcastTracker(tracker, { channel });
  await until(() => view.lines.length === 1);
  // As if lines 2 to 4 had been said while the page slept.
  const loud = new BroadcastChannel(channel);
  const asked: unknown[] = [];
  loud.addEventListener('message', ({ data }: MessageEvent) => asked.push(data));
  const { id } = view.trainings[0]!;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
  loud.postMessage({ vogjs: 'line', id, at: 5, line: '{"type":"logs"}' });
  await until(() => asked.length > 0);
  assert.equal(asked[0], { vogjs: 'ask', id, after: 1 });
  assert.equal(view.types(), ['watch']);
  loud.close();
  view.close();
  await broadcast.close();
});

test('pictures come when they are asked for, small, and none of rows that there are not', async ({
  tracker,
  xs,
  channel,
}) => {
  const view = followed(channel);
  const data = await xs.data();
  const broadcast = await broadcastTracker(tracker, { channel, images: { data, shape: [SIZE, 4, 4, 1] } });
  await until(() => view.trainings.length === 1);
  assert.equal(view.trainings[0]!.pictures, { width: 4, height: 4, channels: 1 });
  const pictures = new Map<number, BroadcastPicture>();
  for (const row of [3, 99, 0, 3]) view.picture(row, (picture) => pictures.set(row, picture));
  await until(() => pictures.size === 2);
  const { width, height, channels: depth, pixels } = pictures.get(3)!;
  assert.equal([width, height, depth, pixels.length], [4, 4, 1, 16]);
  const [least, most] = [Math.min(...data), Math.max(...data)];
  assert.ok(least >= 0 && most <= 1);
  for (const [at, byte] of pixels.entries())
    assert.ok(Math.abs(byte - 255 * data[3 * 16 + at]!) <= 1, `${at}: ${byte}`);
  assert.ok(!pictures.has(99));
  await broadcast.close();
  view.close();
});

test('what cannot be told of is refused, and leaves no channel behind', async ({ tracker, channel }) => {
  const view = followed(channel);
  assert.is(await codeOf(broadcastTracker(tracker, { channel, by: 'vogue' })), 'METRIC_UNKNOWN');
  assert.is(
    await codeOf(broadcastTracker(tracker, { channel, images: { data: [1], shape: [1, 1, 1, 1] } })),
    'PROBE_MISMATCH',
  );
  assert.is(await codeOf(broadcastTracker(7 as never)), 'ARGUMENT_INVALID');
  assert.is(await codeOf(broadcastTracker(tracker, { keep: 1 })), 'ARGUMENT_INVALID');
  assert.throws(
    () => followBroadcast({ channel } as never),
    (error: VogError) => error.code === 'ARGUMENT_INVALID',
  );
  tracker.dispose();
  assert.is(await codeOf(broadcastTracker(tracker, { channel })), 'DISPOSED');
  await pause(30);
  assert.equal(view.trainings, []);
  view.close();
});

test.run();
