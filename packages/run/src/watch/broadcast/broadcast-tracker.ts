import * as option from '@vogjs/base/options';
import type { Tracker } from '@vogjs/core';
import { checkPixelImages, type PixelImages } from '@vogjs/formats/images';
import { thumbsOf } from '../../thumbs/pictures.js';
import type { ThumbPixels } from '../../thumbs/thumbs.js';
import { watchTracker } from '../watch-tracker.js';
import { KeptLines } from './kept-lines.js';
import { type BroadcastMessage, type BroadcastTraining, CHANNEL, messageOf, sayOn } from './messages.js';

const declared = option.declareOptions('broadcastTracker', {
  channel: option.text().default(CHANNEL).about('Name of the BroadcastChannel, the same in the page that looks on.'),
  name: option.text().default('training').about('What the view calls the training.'),
  by: option
    .text()
    .optional('vog, mean-loss or aum, else the first')
    .about('Metric by which the hardest examples are listed.'),
  images: option
    .fits<PixelImages>(
      '{ data, shape: [examples, height, width, channels] }',
      (value) => typeof value === 'object' && value !== null,
    )
    .optional('no pictures')
    .about('Pixels of every example, in the order of the probe, as `renderReport` takes them.'),
  keep: option.integer(2, 100_000).default(2000).about('Events kept for a view that comes late.'),
});

/** Options of `broadcastTracker`. */
export type BroadcastOptions = option.InputOf<typeof declared.entries>;

/** A training that is being told of. */
export interface Broadcast {
  /** Name of its channel. */
  readonly channel: string;
  /** Ends it: views keep what they have, and say that nothing more comes. */
  close(): Promise<void>;
}

/** As many pictures are sent for one question. */
const MOST_PICTURES = 200;

/**
 * Tells of a training over a BroadcastChannel, so that another tab, or another part of the same page, shows it live. It
 * tells what `watchTracker` tells, at the same cost, and keeps it: a view that comes late or is loaded again gets what
 * was. Call it before `fit`; it answers until `close`, also when training is over.
 *
 * ```ts
 * const broadcast = await broadcastTracker(callback.tracker, { name: 'fashion' });
 * await model.fit(xs, ys, { callbacks: [callback] });
 * await broadcast.close();
 * ```
 *
 * @throws VogError ARGUMENT_INVALID, METRIC_UNKNOWN, DISPOSED, PROBE_MISMATCH and INPUT_SHAPE (images)
 */
export async function broadcastTracker(tracker: Tracker, options: BroadcastOptions = {}): Promise<Broadcast> {
  const { channel: channelName, name, by, images, keep } = declared.resolve(options);
  const told: Parameters<typeof watchTracker>[1] = (type, facts) => {
    const line = kept.add(type, JSON.stringify({ type, when: new Date().toISOString(), ...facts }));
    // The first one goes with the training itself.
    if (training !== null) say({ vogjs: 'line', id: training.id, ...line });
  };
  const kept = new KeptLines(keep);
  let training: BroadcastTraining | null = null;
  // Refuses what cannot be watched before anything is opened.
  const unwatch = watchTracker(tracker, told, by === undefined ? {} : { by });
  let channel: BroadcastChannel | undefined;
  const say = (message: BroadcastMessage): void => {
    if (channel !== undefined) sayOn(channel, message);
  };
  try {
    const { ids, classNames = null } = await tracker.examples();
    if (images !== undefined) checkPixelImages('images', images, ids.length);
    const thumbs = images === undefined ? null : thumbsOf(images);
    const begun = Date.now();
    const pictures = thumbs && { width: thumbs.width, height: thumbs.height, channels: thumbs.channels };
    training = { id: `${begun}-${Math.random().toString(36).slice(2)}`, name, classNames, pictures, begun };
    const { id } = training;
    const tellStory = (after: number): void =>
      say({ vogjs: 'story', training: training as BroadcastTraining, after, lines: kept.after(after) });
    channel = new BroadcastChannel(channelName);
    channel.addEventListener('message', ({ data }: MessageEvent) => {
      const message = messageOf(data);
      if (message?.vogjs === 'ask') tellStory(message.id === id ? message.after : 0);
      if (message?.vogjs !== 'ask-pictures' || message.id !== id || thumbs === null) return;
      for (const row of message.rows.slice(0, MOST_PICTURES)) {
        if (row < ids.length) void sendPicture(row, thumbs);
      }
    });
    const sendPicture = async (row: number, { read }: ThumbPixels): Promise<void> =>
      say({ vogjs: 'picture', id, row, pixels: await read(row, row + 1) });
    // Node would wait for messages for ever.
    (channel as { unref?: () => void }).unref?.();
    const leave = (): void => say({ vogjs: 'gone', id });
    const page = globalThis as Partial<Pick<Window, 'addEventListener' | 'removeEventListener'>>;
    page.addEventListener?.('pagehide', leave);
    tellStory(0);
    return {
      channel: channelName,
      async close() {
        page.removeEventListener?.('pagehide', leave);
        await unwatch();
        leave();
        channel?.close();
        channel = undefined;
      },
    };
  } catch (error) {
    void unwatch();
    channel?.close();
    throw error;
  }
}
