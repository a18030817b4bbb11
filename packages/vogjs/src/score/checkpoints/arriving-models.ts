import { setTimeout as sleep } from 'node:timers/promises';
import { hashStrings, VogError } from '@vogjs/base';
import { stampsOf } from '../data/stamps.js';
import { checkpointPlace } from './checkpoint-place.js';
import type { Arrival, Checkpoints, Ended } from './checkpoints.js';
import type { CheckpointPlace, FoundCheckpoint } from './found.js';
import { byNumbers } from './logit-files.js';
import { ModelLoader } from './model-loader.js';
import { Pace } from './pace.js';
import type { SavedModels } from './saved-models.js';
import { holdsWeights } from './weights-file.js';

export interface ArrivingModels extends SavedModels {
  /** How many checkpoints there will be. */
  readonly until: number;
  /** Minutes without a new one after which no more is waited for. */
  readonly idle: number;
  /** How many may wait; older ones are passed over. */
  readonly lag: number | undefined;
}

/** A file that has not changed for so long and cannot be read is not being written: it is broken. */
const BROKEN_SECONDS = 30;
const NONE = 'no checkpoint came for too long';
/** A store that is away now may be there later. */
const PASSING = /^STORAGE_(UNREACHABLE|DAMAGED)$/;

/** What one look has found. */
interface Look {
  readonly waiting: readonly FoundCheckpoint[];
  /** How many of them are passed over. */
  readonly skipped: number;
  /** The one that is next, and whether it can be taken. */
  readonly first: FoundCheckpoint | undefined;
  readonly isReady: boolean;
  readonly isBusy: boolean;
}

/**
 * Checkpoints that another program saves meanwhile. Each is waited for, in the order of the names. One that is still being
 * written is not taken: in a folder its files must be unchanged at two looks; in a store all that its model.json names must
 * be there. And it must load.
 *
 * @param at in place of the pattern's; tests have one that fails
 * @throws VogError CHECKPOINT_INVALID where none came in time, and for one that stays broken; STORAGE_UNREACHABLE for a store
 *   that stays away
 */
export async function arrivingModels(options: ArrivingModels, at?: CheckpointPlace): Promise<Checkpoints> {
  const { pattern, model, layout, until, idle, lag, news = null } = options;
  const place = at ?? (await checkpointPlace(pattern, news));
  let loader: ModelLoader | null = null;
  let settled: { readonly path: string; readonly stamp: string; readonly since: number } | null = null;
  let lastNews = performance.now();

  /** Whether the checkpoint is whole; loads it once. */
  const isWhole = async (found: FoundCheckpoint): Promise<boolean> => {
    const { path } = found;
    const stamp = await found.stamps().then(
      (stamps) => stamps.join(),
      (error: unknown) => {
        // What a store says is told; a file that is gone again is none.
        if (error instanceof VogError) throw error;
        return null;
      },
    );
    const isSame = stamp !== null && settled?.path === path && settled.stamp === stamp;
    if (!isSame) settled = stamp === null ? null : { path, stamp, since: performance.now() };
    if (settled === null || !(isSame || place.isAtomic) || (await found.lacking()) !== null) return false;
    loader ??= await ModelLoader.for({ model, layout }, holdsWeights(path) ? path : undefined);
    const { since } = settled;
    const whole = loader;
    try {
      await found.use((here) => whole.check(here, path));
      return true;
    } catch (error) {
      if (error instanceof VogError && PASSING.test(error.code)) throw error;
      const isOld = performance.now() - since > BROKEN_SECONDS * 1000;
      // Half a file cannot be read; whole weights that do not fit will not fit later either.
      const isUnread = error instanceof VogError && /^(?:FORMAT_|FILE_|CHECKPOINT_|STORAGE_ABSENT)/.test(error.code);
      if (isOld || !isUnread) throw error;
      return false;
    }
  };

  const lookFor = async (taken: number, after: string | null): Promise<Look> => {
    const { found, isBusy } = await place.find();
    const waiting = found.filter(({ source }) => after === null || byNumbers(source, after) > 0);
    const most = Math.max(0, until - taken - 1);
    const skipped = lag === undefined ? 0 : Math.min(most, Math.max(0, waiting.length - lag));
    const first = waiting[skipped];
    return { waiting, skipped, first, isReady: first !== undefined && (await isWhole(first)), isBusy };
  };

  const next = async (taken: number, after: string | null): Promise<Arrival | Ended> => {
    lastNews = performance.now();
    const pace = new Pace(place.looks);
    let seen = 0;
    for (;;) {
      const look = await lookFor(taken, after).catch(passing);
      const isAway = look instanceof VogError;
      if (!isAway && look.isReady) return arrivalOf(look);
      if (!isAway && look.waiting.length > seen) lastNews = performance.now();
      if (!isAway) seen = look.waiting.length;
      const left = idle * 60_000 - (performance.now() - lastNews);
      if (left < 0 && isAway) throw look;
      if (left < 0 && !isAway) return { why: await whyNot(look.first) };
      await sleep(Math.min(pace.rest(isAway || look.isBusy), Math.max(0, left) + 1));
    }
  };

  const arrivalOf = ({ waiting, skipped, first }: Look): Arrival => {
    const [found, whole] = [first as FoundCheckpoint, loader as unknown as ModelLoader];
    return {
      source: found.source,
      skipped: waiting.slice(0, skipped).map(({ source }) => source),
      open: () => found.use((path) => whole.open(path)),
    };
  };

  const first = await next(0, null);
  if ('why' in first) {
    const why = first.why === NONE ? '' : ` ${first.why}.`;
    throw new VogError(
      'CHECKPOINT_INVALID',
      `No checkpoint that '${pattern}' matches came within ${idle} minutes.${why} Start the training, check the pattern, or wait longer with --idle.`,
    );
  }
  return {
    count: until,
    sources: [],
    // What will come is not known: a run that goes on is told by what makes it.
    stamps: [String(hashStrings([pattern, String(until), ...(model === undefined ? [] : await stampsOf([model]))]))],
    // Nobody asks: what is still being saved cannot be cut into shards.
    content: async () => '',
    open: () => first.open(),
    next,
    close: () => loader?.close(),
  };
}

/** What is to be said of the end of the waiting. */
async function whyNot(found: FoundCheckpoint | undefined): Promise<string> {
  const lacking = await found?.lacking().catch(() => null);
  return typeof lacking === 'string' ? `${found?.path} is not whole: it lacks ${lacking}` : NONE;
}

/** What passes is given back; the rest is thrown. */
function passing(error: unknown): VogError {
  if (error instanceof VogError && PASSING.test(error.code)) return error;
  throw error;
}
