import { addShards, type Submission } from './add.js';
import { type Ask, inBatches } from './batches.js';
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

/** Milliseconds to be there, and for an answer to a batch of questions. */
const READY = 10_000;
const ANSWER = 60_000;
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
  await probe(address, READY, LEASE);
  const queue = queueAt(address);
  // Each call has its own end; what happens between them is no news.
  queue.on('error', () => {});
  const asked = async <T>(answer: Promise<T>, milliseconds: number): Promise<T> => {
    try {
      return await within(milliseconds, answer);
    } catch (error) {
      throw unreachable(address, (error as Error).message);
    }
  };
  const ask: Ask = (answer) => asked(answer, ANSWER);
  const close = (): Promise<void> =>
    within(GOODBYE, queue.close()).catch(() => within(GOODBYE, queue.disconnect()).catch(() => {}));
  try {
    await asked(queue.waitUntilReady(), READY);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    shown: address.shown,
    submit: (jobs, submission, isThere) => submit(queue, ask, jobs, submission, isThere),
    watch: (jobs, submission, watching) => watchShards({ address, queue, jobs, submission }, watching),
    cancel: (run) => cancel(queue, ask, run),
    forget: (run) => forget(queue, ask, run),
    close,
  };
}

async function submit(
  queue: ShardsQueue,
  ask: Ask,
  jobs: readonly ShardJob[],
  submission: Submission,
  isThere: (made: string) => boolean,
): Promise<void> {
  for (const run of new Set(jobs.map((job) => job.run))) {
    await ask(queue.remove(cancelledId(run)));
    await removeAll(queue, ask, await idsOf(queue, ask, run, ['failed']));
    const completed = await idsOf(queue, ask, run, ['completed']);
    const done = await inBatches(completed, (id) => queue.getJob(id), ask);
    const gone = done.flatMap((job) => (job === undefined || isThere(job.returnvalue) ? [] : [job.id as string]));
    await removeAll(queue, ask, gone);
  }
  await addShards(queue, jobs, submission, ask);
}

async function cancel(queue: ShardsQueue, ask: Ask, run: string): Promise<number> {
  // First of all: whoever watches must not add what is missing.
  const data: JobData = { version: VERSION, run, index: 0, of: 0, payload: null };
  const options = { jobId: cancelledId(run), delay: CANCELLED_FOR, removeOnComplete: true, removeOnFail: true };
  await ask(queue.add(NAMES.cancelled, data, options));
  return removeAll(queue, ask, await idsOf(queue, ask, run, [...WAITING]));
}

async function forget(queue: ShardsQueue, ask: Ask, run: string): Promise<void> {
  await removeAll(queue, ask, await idsOf(queue, ask, run, ['completed', 'failed']));
}

type States = Parameters<ShardsQueue['getRanges']>[0];

/** Ids of a run's shards in these states. */
async function idsOf(queue: ShardsQueue, ask: Ask, run: string, states: States): Promise<string[]> {
  return (await ask(queue.getRanges(states, 0, -1))).filter((id) => isOf(run, id));
}

/** Gives how many were there. */
async function removeAll(queue: ShardsQueue, ask: Ask, ids: readonly string[]): Promise<number> {
  const removed = await inBatches(ids, (id) => queue.remove(id), ask);
  return removed.reduce((sum, each) => sum + each, 0);
}
