import { callable, checkArgument } from '@vogjs/base';
import * as option from '@vogjs/base/options';
import { type BroadcastMessage, type BroadcastTraining, CHANNEL, messageOf, sayOn } from './messages.js';

const declared = option.declareOptions('followBroadcast', {
  channel: option.text().default(CHANNEL).about('Name of the BroadcastChannel, the same in the page that trains.'),
  onBegin: option
    .callable<(training: BroadcastTraining) => void>()
    .required()
    .about('Told of a training, before its first event: what was told before is of another one.'),
  onLine: option.callable<(line: string) => void>().required().about('Told each event, as a line of JSON, in order.'),
  onGone: option
    .callable<() => void>()
    .optional('nobody')
    .about('Told that the page that trains was closed, or ended the broadcast.'),
});

/** Options of `followBroadcast`. */
export type FollowOptions = option.InputOf<typeof declared.entries>;

/** Pixels of one example, one byte a value. */
export interface BroadcastPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** `[height, width, channels]` */
  readonly pixels: Uint8Array;
}

/** What follows a broadcast. */
export interface Following {
  /**
   * Asks for the picture of an example, again if it was asked for before. It comes once, unless another training begins
   * or nobody answers.
   */
  picture(row: number, take: (picture: BroadcastPicture) => void): void;
  close(): void;
}

/**
 * Follows the training that `broadcastTracker` tells of in another page, or in another part of this one: from its
 * beginning, whenever it joins. Of two trainings on a channel it follows the one that began last.
 *
 * ```ts
 * const { close } = followBroadcast({ onBegin: ({ name }) => console.log(name), onLine: console.log });
 * ```
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function followBroadcast(options: FollowOptions): Following {
  const { channel: name, onBegin, onLine, onGone } = declared.resolve(options);
  const channel = new BroadcastChannel(name);
  let training: BroadcastTraining | null = null;
  let last = 0;
  let isOpen = true;
  const waiting = new Map<number, ((picture: BroadcastPicture) => void)[]>();
  let toAsk: number[] = [];
  const say = (message: BroadcastMessage): void => sayOn(channel, message);
  const take = (at: number, line: string): void => {
    if (at <= last) return;
    last = at;
    onLine(line);
  };

  channel.addEventListener('message', ({ data }: MessageEvent) => {
    const message = messageOf(data);
    if (message === null) return;
    switch (message.vogjs) {
      case 'story': {
        const { training: told, after, lines } = message;
        if (told.id !== training?.id) {
          // Another view may have asked for the end of a story that is not known here yet.
          if (after > 0 || (training !== null && told.begun < training.begun)) return;
          [training, last] = [told, 0];
          waiting.clear();
          onBegin(told);
        }
        // A gap before its first line is one of lines that are no longer kept.
        if (after <= last) for (const { at, line } of lines) take(at, line);
        return;
      }
      case 'line':
        // Lines are missing where the page slept, and all of them where it heard of no beginning.
        if (message.id !== training?.id) say({ vogjs: 'ask', id: null, after: 0 });
        else if (message.at > last + 1) say({ vogjs: 'ask', id: message.id, after: last });
        else take(message.at, message.line);
        return;
      case 'picture': {
        if (message.id !== training?.id || training.pictures === null) return;
        const picture = { ...training.pictures, pixels: message.pixels };
        if (picture.width * picture.height * picture.channels !== message.pixels.length) return;
        for (const each of waiting.get(message.row) ?? []) each(picture);
        waiting.delete(message.row);
        return;
      }
      case 'gone':
        if (message.id === training?.id) onGone?.();
        return;
      case 'ask':
      case 'ask-pictures':
      // Of another view: the page that trains answers.
    }
  });
  (channel as { unref?: () => void }).unref?.();
  say({ vogjs: 'ask', id: null, after: 0 });

  const askPictures = (): void => {
    const rows = [...new Set(toAsk)];
    toAsk = [];
    if (training !== null && rows.length > 0) say({ vogjs: 'ask-pictures', id: training.id, rows });
  };
  return {
    picture(row, taken) {
      checkArgument('picture', 'what takes it', taken, callable);
      if ((training?.pictures ?? null) === null) return;
      waiting.set(row, [...(waiting.get(row) ?? []), taken]);
      // All that are drawn at once are one question.
      if (toAsk.push(row) === 1) queueMicrotask(() => isOpen && askPictures());
    },
    close() {
      isOpen = false;
      waiting.clear();
      channel.close();
    },
  };
}
