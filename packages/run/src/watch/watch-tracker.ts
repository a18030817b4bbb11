import { callable, checkArgument, checkOf, VogError } from '@vogjs/base';
import * as option from '@vogjs/base/options';
import type { Tracker, TrackerEvents } from '@vogjs/core';
import { Allowance, processorTime } from './allowance.js';
import { Observer } from './observer.js';
import type { WatchedPosition, WatchEvents } from './watch-events.js';

const isTracker = checkOf(
  'a tracker',
  (value) => typeof (value as { on?: unknown } | null)?.on === 'function' && 'columns' in (value as object),
);

const declared = option.declareOptions('watchTracker', {
  by: option
    .text()
    .optional('vog, mean-loss or aum, else the first')
    .about('Metric by which the hardest examples are listed.'),
  hardest: option.integer(0, 200).default(24).about('How many of the hardest examples are listed.'),
  share: option
    .between(0, 1)
    .default(0.01)
    .about(
      'Share of the processor time of training that watching may take; above it, checkpoints tell their figures alone.',
    ),
  memory: option
    .callable<() => number>()
    .optional('not told')
    .about('Bytes that the process takes, such as `() => process.memoryUsage.rss()`.'),
});

/** Options of `watchTracker`. */
export type WatchOptions = option.InputOf<typeof declared.entries>;

/** Is told what happens, by type; what it does must not keep training waiting. */
export type WatchListener = <T extends keyof WatchEvents>(type: T, facts: WatchEvents[T]) => void;

/** Milliseconds between looks at where training stands. */
const LOOK = 2000;

/**
 * Tells what happens in a training while it happens, in small JSON: where it stands, and losses. After each checkpoint
 * it adds mean and percentile bands of every score, the hardest examples with their movement, and those that were easy
 * early and are hard late. For a live view; `recordRun(tracker, place, { live: true })` writes it into a run.
 *
 * It touches no score, no weight and no random stream.
 *
 * ```ts
 * const stop = watchTracker(tracker, (type, facts) => channel.postMessage({ type, ...facts }));
 * await model.fit(xs, ys, { callbacks: [fitCallback(tracker)] });
 * await stop();
 * ```
 *
 * @returns what ends it; resolves once what was under way has been told
 * @throws VogError ARGUMENT_INVALID, METRIC_UNKNOWN, DISPOSED
 */
export function watchTracker(tracker: Tracker, tell: WatchListener, options: WatchOptions = {}): () => Promise<void> {
  checkArgument('watchTracker', 'tracker', tracker, isTracker);
  checkArgument('watchTracker', 'the listener', tell, callable);
  const { by, hardest, share, memory } = declared.resolve(options);
  const observer = new Observer(tracker, by, hardest);
  const allowance = new Allowance(share, processorTime);
  const { metrics, checkpoints } = tracker;
  tell('watch', { metrics, examples: tracker.plan().examples, checkpoints });

  let step = tracker.observed?.step;
  const look = setInterval(() => {
    const { observed, runLength } = tracker;
    if (observed === null || observed.step === step) return;
    step = observed.step;
    const { epochs = null, stepsPerEpoch = null } = runLength;
    tell('position', { ...observed, epochs, stepsPerEpoch });
  }, LOOK);
  // A page has numbers for timers.
  if (typeof look === 'object') look.unref();

  let isGone = false;
  let underWay: Promise<void> = Promise.resolve();
  const stop = (): Promise<void> => {
    clearInterval(look);
    for (const off of offs) off();
    return underWay;
  };
  const standing = async (info: Ended): Promise<void> => {
    const { checkpoint, position, window, milliseconds, figures } = info;
    step = position.step;
    const { windows, stateBytes } = tracker.plan();
    const isLast = position.progress === 1;
    const { result: scores, milliseconds: watching } = await allowance.spend(async () =>
      allowance.isOpen || isLast ? readable(observer.read(checkpoint, info.windows)) : null,
    );
    if (isGone) return;
    tell('standing', {
      checkpoint,
      position: positionOf(position),
      epochs: tracker.runLength.epochs ?? null,
      window,
      windows,
      milliseconds,
      watching,
      figures,
      memory: { states: stateBytes, process: memory?.() ?? null },
      scores,
    });
  };
  const offs = [
    tracker.on('checkpointEnd', (info) => {
      const told = standing(info);
      underWay = both(underWay, told);
      // The tracker's log has what went wrong.
      return told as unknown as void;
    }),
    tracker.on('epochEnd', ({ epoch, logs }) => tell('logs', { epoch, logs })),
    tracker.on('diverged', ({ checkpoint, examples: bad, total, skipped }) =>
      tell('diverged', { checkpoint, examples: bad, total, skipped }),
    ),
    tracker.on('metricError', ({ metric, error }) => tell('failed', { name: metric, message: error.message })),
    tracker.on('monitorError', ({ monitor, error }) => tell('failed', { name: monitor, message: error.message })),
    tracker.on('reset', () => {
      observer.reset();
      tell('reset', {});
    }),
    tracker.on('dispose', () => {
      isGone = true;
      void stop();
      tell('ended', {});
    }),
  ];
  const { position } = tracker;
  // Who begins to watch late sees at once where the examples stand.
  if (position !== null) {
    const info = {
      checkpoint: checkpoints - 1,
      position,
      window: 'complete',
      windows: [],
      milliseconds: 0,
      figures: {},
    };
    underWay = standing(info).catch((error: unknown) => tell('failed', { name: 'watching', message: String(error) }));
  }
  return stop;
}

type Ended = Pick<
  TrackerEvents['checkpointEnd'][0],
  'checkpoint' | 'position' | 'window' | 'windows' | 'milliseconds' | 'figures'
>;

/** Resolves when both are over, however they end. */
async function both(...work: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(work);
}

/** Null where the tracker was disposed meanwhile, which it tells by itself. */
async function readable<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof VogError && error.code === 'DISPOSED') return null;
    throw error;
  }
}

const positionOf = ({ epoch, epochsCompleted, step, progress }: WatchedPosition): WatchedPosition => {
  return { epoch, epochsCompleted, step, progress };
};
