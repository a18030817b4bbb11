import { addShards, type Submission } from './add.js';
import { addressOf, unreachable } from './address.js';
import { within } from './deadline.js';
import { queueAt, type ShardsQueue } from './engine.js';
import { probe } from './probe.js';
import { cancelledId, isOf, type JobData, NAMES, type ShardJob, VERSION } from './shard-job.js';
import { type Watched, type Watching, watchShards } from './watch.js';

/** A queue of shards, from the side of those who want them done. */
export interface ShardQueue {
  /** The address without its password. */
  readonly shown: string;
  /**
   * Adds the shards of a run. Those that are in the queue already stay as they are; those that failed are tried anew, and
   * those that are done stay done if `isThere` says so of what they made.
   */
  submit(jobs: readonly ShardJob[], submission: Submission, isThere: (made: string) => boolean): Promise<void>;
  /** Waits until each is done or given up. What the server has lost is added again. */
  watch(jobs: readonly ShardJob[], submission: Submission, watching: Watching): Promise<Watched>;
  /** Takes the shards of a run out of the queue, and stops those that are under way. Gives how many were waiting. */
  cancel(run: string): Promise<number>;
  /** Forgets what has become of the shards of a run. */
  forget(run: string): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds for an answer, and for all that a call asks. */
const ANSWER = 10_000;
const LONG_ANSWER = 120_000;
const GOODBYE = 2000;
/** A cancelled run is known as such so long, in milliseconds. */
const CANCELLED_FOR = 24 * 3600 * 1000;
/** Clocks are compared with this, in milliseconds. */
const LEASE = 60_000;
const WAITING = ['waiting', 'prioritized', 'delayed'] as const;

/**
 * Opens a queue of shards.
 *
 * @param url `redis://…`, `rediss://…` or `postgres://…`
 * @throws VogError QUEUE_ADDRESS, QUEUE_UNREACHABLE within ten seconds, QUEUE_CLOCK
 */
export async function openShardQueue(url: string): Promise<ShardQueue> {
  const address = addressOf(url);
  await probe(address, ANSWER, LEASE);
  const queue = queueAt(address);
  // Each call has its own end; what happens between them is no news.
  queue.on('error', () => {});
  const asked = async <T>(answer: Promise<T>, milliseconds = LONG_ANSWER): Promise<T> => {
    try {
      return await within(milliseconds, answer);
    } catch (error) {
      throw unreachable(address, (error as Error).message);
    }
  };
  const close = (): Promise<void> =>
    within(GOODBYE, queue.close()).catch(() => within(GOODBYE, queue.disconnect()).catch(() => {}));
  try {
    await asked(queue.waitUntilReady(), ANSWER);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    shown: address.shown,
    submit: (jobs, submission, isThere) => asked(submit(queue, jobs, submission, isThere)),
    watch: (jobs, submission, watching) => watchShards({ address, queue, jobs, submission }, watching),
    cancel: (run) => asked(cancel(queue, run)),
    forget: (run) => asked(forget(queue, run)),
    close,
  };
}

async function submit(
  queue: ShardsQueue,
  jobs: readonly ShardJob[],
  submission: Submission,
  isThere: (made: string) => boolean,
): Promise<void> {
  for (const run of new Set(jobs.map((job) => job.run))) {
    await queue.remove(cancelledId(run));
    for (const id of await queue.getRanges(['failed'], 0, -1)) if (isOf(run, id)) await queue.remove(id);
    for (const id of (await queue.getRanges(['completed'], 0, -1)).filter((each) => isOf(run, each))) {
      const job = await queue.getJob(id);
      if (job !== undefined && !isThere(job.returnvalue)) await queue.remove(id);
    }
  }
  await addShards(queue, jobs, submission);
}

async function cancel(queue: ShardsQueue, run: string): Promise<number> {
  // First of all: whoever watches must not add what is missing.
  const data: JobData = { version: VERSION, run, index: 0, of: 0, payload: null };
  const options = { jobId: cancelledId(run), delay: CANCELLED_FOR, removeOnComplete: true, removeOnFail: true };
  await queue.add(NAMES.cancelled, data, options);
  let removed = 0;
  for (const id of await queue.getRanges([...WAITING], 0, -1)) if (isOf(run, id)) removed += await queue.remove(id);
  return removed;
}

async function forget(queue: ShardsQueue, run: string): Promise<void> {
  for (const id of await queue.getRanges(['completed', 'failed'], 0, -1)) if (isOf(run, id)) await queue.remove(id);
}
