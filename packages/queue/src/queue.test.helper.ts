import { setTimeout as wait } from 'node:timers/promises';
import { VogError } from '@vogjs/base';
import { type Outcome, serveShards, type Served, type Serving, type ShardJob, type Submission } from './index.js';

/** Short times, so that tests end. */
export const SHORT_LEASE = 2000;
export const SUBMISSION: Submission = { attempts: 3, rest: 50, priority: 0 };
export const BEAT = 100;

export function shardsOf(run: string, of: number): ShardJob[] {
  return Array.from({ length: of }, (_, at) => ({ run, index: at + 1, of, payload: { secret: at } }));
}

/** A worker under way; `stop` ends it. */
export interface StartedWorker {
  readonly served: Promise<Served | VogError>;
  readonly stop: AbortController;
  readonly lines: string[];
}

export function startWorker(url: string, work: Serving['work'], more: Partial<Serving> = {}): StartedWorker {
  const stop = new AbortController();
  const lines: string[] = [];
  // A worker that a busy machine holds up for seconds keeps its shards, unless a test is about losing them.
  const times = { lease: 60_000, idle: 60_000, patience: 60_000, beat: BEAT };
  const tell = (line: string): void => void lines.push(line);
  const served = serveShards(url, { work, concurrency: 1, tell, signal: stop.signal, ...times, ...more }).catch(
    (error: unknown) => {
      if (error instanceof VogError) return error;
      throw error;
    },
  );
  return { served, stop, lines };
}

/** Work that takes so many milliseconds, and leaves when it is told to. */
export function working(begun: number[], milliseconds = 0): Serving['work'] {
  return async ({ index }, { progress, signal }): Promise<Outcome> => {
    begun.push(index);
    progress(index);
    await wait(milliseconds, undefined, { signal }).catch(() => {});
    if (signal.aborted) return { kind: 'failed', why: 'left', again: true };
    return { kind: 'done', made: `made ${index}` };
  };
}

export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 1500) throw new Error('it did not come true within 30 s');
    await wait(20);
  }
}

/** What was thrown; fails where nothing was. */
export async function errorOf(asked: Promise<unknown>): Promise<VogError> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof VogError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
