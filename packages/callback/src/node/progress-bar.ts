import process from 'node:process';
import { checkArgument, checkOf, checkOptions, flag } from '@vogjs/base';
import type { Tracker } from '@vogjs/core';
import cliProgress from 'cli-progress';

/** Options of `progressBar`. */
export interface ProgressBarOptions {
  /** Where to draw; default standard error, so that standard output stays clean. */
  readonly stream?: NodeJS.WriteStream;
  /** Draw even when the stream is no terminal. Default false: silent there. */
  readonly always?: boolean;
}

const tracking = checkOf('a tracker', (value) => typeof (value as Partial<Tracker> | null)?.on === 'function');
const writable = checkOf('a stream to write to', (value) => {
  return typeof (value as Partial<NodeJS.WriteStream> | null)?.write === 'function';
});

/**
 * Draws a bar with rate and time left for each checkpoint's pass over the probe; it disappears when the pass is done.
 * Returns a function that takes the bar away for good.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function progressBar(tracker: Tracker, options: ProgressBarOptions = {}): () => void {
  checkArgument('progressBar', 'tracker', tracker, tracking);
  checkOptions('progressBar', options, { stream: writable, always: flag });
  const { stream = process.stderr, always = false } = options;
  if (!always && !stream.isTTY) return () => {};
  const bar = new cliProgress.SingleBar({
    format: 'scoring {bar} {value}/{total} examples  {rate}/s  {left} s left',
    barsize: 28,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream,
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: always,
    // The pass tells how far it is; a timer of the bar's own would keep the process alive.
    fps: 20,
  });
  let drawing = false;
  const stop = (): void => {
    if (drawing) bar.stop();
    drawing = false;
  };
  const offs = [
    tracker.on('progress', ({ done, total, milliseconds }) => {
      const rate = (done / Math.max(milliseconds, 1)) * 1000;
      const payload = { rate: Math.round(rate), left: Math.ceil((total - done) / rate) };
      if (drawing) bar.update(done, payload);
      else bar.start(total, done, payload);
      drawing = true;
    }),
    tracker.on('checkpointEnd', stop),
    tracker.on('dispose', stop),
  ];
  return () => {
    stop();
    for (const off of offs) off();
  };
}
