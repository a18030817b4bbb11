import { hashStrings, VogError } from '@vogjs/base';
import { stampsOf } from '../data/stamps.js';
import type { Arrival, Checkpoints } from './checkpoints.js';
import { byNumbers } from './logit-files.js';
import { ModelLoader } from './model-loader.js';
import { findCheckpoints, type SavedModels, sourceOfCheckpoint } from './saved-models.js';
import { holdsWeights } from './weights-file.js';

export interface ArrivingModels extends SavedModels {
  /** How many checkpoints there will be. */
  readonly until: number;
  /** Minutes without a new one after which no more is waited for. */
  readonly idle: number;
  /** How many may wait; older ones are passed over. */
  readonly lag: number | undefined;
}

/** Between two looks at the folder; a file that is the same at both is looked into. */
const LOOK_MILLISECONDS = 250;
/** A file that has not changed for so long and cannot be read is not being written: it is broken. */
const BROKEN_SECONDS = 30;

/**
 * Checkpoints that another program saves meanwhile. Each is waited for, in the order of the names. One that is still being
 * written is not taken: its files must be unchanged at two looks, and it must load.
 *
 * @throws VogError CHECKPOINT_INVALID where none came in time, and for one that stays broken
 */
export async function arrivingModels(options: ArrivingModels): Promise<Checkpoints> {
  const { pattern, model, layout, until, idle, lag } = options;
  let loader: ModelLoader | null = null;
  let settled: { readonly path: string; readonly stamp: string; readonly since: number } | null = null;
  let lastNews = performance.now();

  /** Whether the file is whole; loads it once. */
  const isWhole = async (path: string): Promise<boolean> => {
    const stamp = await stampsOf([path]).then(
      (stamps) => stamps.join(),
      () => null,
    );
    if (stamp === null || settled?.path !== path || settled.stamp !== stamp) {
      settled = stamp === null ? null : { path, stamp, since: performance.now() };
      return false;
    }
    loader ??= await ModelLoader.for({ model, layout }, holdsWeights(path) ? path : undefined);
    try {
      await loader.check(path);
      return true;
    } catch (error) {
      const isOld = performance.now() - settled.since > BROKEN_SECONDS * 1000;
      // Half a file cannot be read; whole weights that do not fit will not fit later either.
      const isUnread = error instanceof VogError && /^(?:FORMAT_|FILE_|CHECKPOINT_)/.test(error.code);
      if (isOld || !isUnread) throw error;
      return false;
    }
  };

  const next = async (taken: number, after: string | null): Promise<Arrival | null> => {
    lastNews = performance.now();
    let seen = 0;
    for (;;) {
      const waiting = findCheckpoints(pattern).paths.filter(
        (path) => after === null || byNumbers(sourceOfCheckpoint(path), after) > 0,
      );
      if (waiting.length > seen) lastNews = performance.now();
      seen = waiting.length;
      const most = Math.max(0, until - taken - 1);
      const skipped = lag === undefined ? 0 : Math.min(most, Math.max(0, waiting.length - lag));
      const path = waiting[skipped];
      if (path !== undefined && (await isWhole(path))) {
        const whole = loader as ModelLoader;
        return {
          source: sourceOfCheckpoint(path),
          skipped: waiting.slice(0, skipped).map(sourceOfCheckpoint),
          open: () => whole.open(path),
        };
      }
      if (performance.now() - lastNews > idle * 60_000) return null;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
    }
  };

  const first = await next(0, null);
  if (first === null) {
    throw new VogError(
      'CHECKPOINT_INVALID',
      `No checkpoint that '${pattern}' matches came within ${idle} minutes. Start the training, check the pattern, or wait longer with --idle.`,
    );
  }
  return {
    count: until,
    sources: [],
    files: [],
    // What will come is not known: a run that goes on is told by what makes it.
    stamps: [String(hashStrings([pattern, String(until), ...(model === undefined ? [] : await stampsOf([model]))]))],
    open: () => first.open(),
    next,
    close: () => loader?.close(),
  };
}
