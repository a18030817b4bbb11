import type { Ask } from './batches.js';
import type { ShardsQueue } from './engine.js';
import { idOf, type JobData, NAMES, type ShardJob, VERSION } from './shard-job.js';

/** How shards are put into a queue. */
export interface Submission {
  /** How often a shard is tried before it is given up. */
  readonly attempts: number;
  /** Milliseconds before a shard that failed is tried again, the first time; then twice as long, each less up to half. */
  readonly rest: number;
  /** From 1, which comes first, to 2097152; 0 is before all of them. */
  readonly priority: number;
}

/** Jobs at once. */
const BATCH = 500;
/** What nobody has asked for in a week is forgotten; in seconds. */
const KEPT = { age: 7 * 24 * 3600 };

/** Adds shards; one that is there already stays as it is. */
export async function addShards(
  queue: ShardsQueue,
  jobs: readonly ShardJob[],
  { attempts, rest, priority }: Submission,
  ask: Ask,
): Promise<void> {
  const options = {
    attempts,
    backoff: { type: 'exponential', delay: rest, jitter: 0.5 },
    removeOnComplete: KEPT,
    removeOnFail: KEPT,
    stackTraceLimit: 1,
    ...(priority > 0 ? { priority } : {}),
  };
  for (let from = 0; from < jobs.length; from += BATCH) {
    const batch = jobs.slice(from, from + BATCH).map((job) => {
      const data: JobData = { version: VERSION, ...job };
      return { name: NAMES.shard, data, opts: { ...options, jobId: idOf(job) } };
    });
    await ask(queue.addBulk(batch));
  }
}
