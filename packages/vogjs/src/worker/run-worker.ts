import process from 'node:process';
import type { ResolvedOf } from '@vogjs/base/options';
import { queueAddress, queuePackage } from '../score/queue/package.js';
import { ShardWorkers } from '../score/queue/shard-workers.js';
import type { WORKER_OPTIONS } from './options.js';

/** Exit code of an interrupted command. */
const INTERRUPTED = 130;

/** `vogjs worker`; gives the exit code. */
export async function runWorker(options: ResolvedOf<typeof WORKER_OPTIONS.entries>): Promise<number> {
  const { queue, workers: concurrency, rate, lease, idle, patience } = options;
  const address = queueAddress(queue);
  const { serveShards } = await queuePackage();
  const tell = (line: string): void => console.log(line);
  const workers = new ShardWorkers(tell);
  const stop = new AbortController();
  const onStop = (signal: string): void => {
    if (stop.signal.aborted) process.exit(INTERRUPTED);
    tell(`${signal}: shards in hand go back to the queue. What is done of them is kept.`);
    stop.abort();
  };
  process.on('exit', workers.killAll);
  process.on('SIGINT', onStop);
  process.on('SIGTERM', onStop);
  try {
    tell(`Taking shards, ${concurrency} at once. Ends after ${idle} minutes without one.`);
    const { done, failed, why } = await serveShards(address, {
      work: (job, task) => workers.work(job, task),
      concurrency,
      perMinute: rate,
      lease: lease * 1000,
      idle: idle * 60_000,
      patience: patience * 60_000,
      tell,
      signal: stop.signal,
    });
    tell(`${why === 'idle' ? `Nothing to do for ${idle} minutes` : 'Stopped'}: ${done} shards done, ${failed} failed.`);
    return why === 'idle' ? 0 : INTERRUPTED;
  } finally {
    await workers.close();
    process.off('exit', workers.killAll);
    process.off('SIGINT', onStop);
    process.off('SIGTERM', onStop);
  }
}
