import { isRecord } from '@vogjs/base';
import type { Tracker } from '@vogjs/core';
import { EVENTS } from '../log/events.js';
import { readLines } from '../log/lines.js';
import { createRun, type CreateRunOptions, type RunWriter } from '../open/create-run.js';
import type { ManifestInit } from '../manifest/manifest.js';
import type { RunPlace } from '../storage/place.js';
import type { ScoresTableInit, ScoresToWrite } from '../tables/scores-table.js';
import { watchTracker, type WatchOptions } from '../watch/watch-tracker.js';

export interface RecordRunOptions extends CreateRunOptions, Omit<ManifestInit, 'examples' | 'checkpoints' | 'metrics'> {
  /** What the table has beside scores. */
  readonly table?: Pick<ScoresTableInit, 'paths' | 'predicted' | 'suggested' | 'meta' | 'primary'>;
  /** Writes what the live view shows at each checkpoint, as `watchTracker` tells it. Default false. */
  readonly live?: boolean | WatchOptions;
}

/** Follows a tracker and writes what it tells. */
export interface RunRecorder {
  readonly run: RunWriter;
  /** Writes the scores of every metric and window that the tracker has now, and goes on following. */
  scores(table?: RecordRunOptions['table']): Promise<void>;
  /** Writes the scores, stops following, and says that the run is complete. */
  finish(table?: RecordRunOptions['table']): Promise<void>;
  /** Stops following, without writing scores. */
  stop(): void;
}

/**
 * Writes a run folder from a tracker, inside any training: an event a checkpoint while it goes on, the scores in the
 * end.
 *
 * ```ts
 * const recorder = await recordRun(callback.tracker, 'runs/photos', { classNames });
 * await model.fit(xs, ys, { callbacks: [callback] });
 * await recorder.finish();
 * ```
 */
export async function recordRun(
  tracker: Tracker,
  place: RunPlace,
  options: RecordRunOptions = {},
): Promise<RunRecorder> {
  const { replace, table, live = false, ...init } = options;
  const { ids, labels, classNames } = await tracker.examples();
  const run = await createRun(
    place,
    {
      ...init,
      examples: ids.length,
      ...(init.classNames === undefined && classNames !== undefined ? { classNames } : {}),
    },
    replace === undefined ? {} : { replace },
  );
  const taken = replace === 'resume' ? await takenBefore(run, tracker.checkpoints) : new Map<number, Taken>();
  let written: Promise<void> = Promise.resolve();
  const off = tracker.on('checkpointEnd', ({ checkpoint, position, window, metrics, milliseconds, figures }) => {
    taken.set(checkpoint, { epoch: position.epoch, step: position.step, window });
    written = run.event('checkpoint', { checkpoint, position, window, metrics, milliseconds, figures });
    return written as unknown as void;
  });
  // What cannot be written is missing from the view; the scores say by themselves when a disk is full.
  const unwatch =
    live === false
      ? async () => {}
      : watchTracker(
          tracker,
          (type, facts) => void run.event(type, { ...facts }).catch(() => {}),
          live === true ? {} : live,
        );
  const stop = (): void => {
    off();
    void unwatch();
  };
  const writeScores = async (last: RecordRunOptions['table']): Promise<void> => {
    const windows = new Set(['complete', ...Array.from(taken.values(), ({ window }) => window)]);
    const scores: ScoresToWrite[] = [];
    for (const metric of tracker.metrics) {
      for (const window of windows) {
        for (const [column, each] of Object.entries(await tracker.columns(metric, { window }))) {
          const { hardDirection, checkpoints: seen, values, notes } = each;
          scores.push({ metric, column, window, hardDirection, checkpoints: seen, values, notes });
        }
      }
    }
    await run.update({ checkpoints: Array.from(taken.values(), ({ epoch, step }) => ({ epoch, step })) });
    await run.scores({ ids, ...(labels === null ? {} : { labels }), scores, ...last });
  };
  return {
    run,
    stop,
    scores: async (last = table) => writeScores(last),
    async finish(last = table) {
      off();
      await unwatch();
      // What failed there was told when it did.
      await written.catch(() => {});
      await writeScores(last);
      await run.finish();
    },
  };
}

interface Taken {
  readonly epoch: number;
  readonly step: number;
  readonly window: string;
}

/** Checkpoints that a run was told of before it was gone on with, as far as the tracker has them, by their number. */
async function takenBefore({ storage }: RunWriter, count: number): Promise<Map<number, Taken>> {
  const taken = new Map<number, Taken>();
  for (const event of (await readLines(storage, EVENTS)).values) {
    if (!isRecord(event) || event['type'] !== 'checkpoint' || !isRecord(event['position'])) continue;
    const { checkpoint, window } = event;
    const { epoch, step } = event['position'];
    if (typeof checkpoint !== 'number' || checkpoint >= count || typeof window !== 'string') continue;
    if (typeof epoch === 'number' && typeof step === 'number') taken.set(checkpoint, { epoch, step, window });
  }
  return taken;
}
