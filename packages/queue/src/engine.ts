import { createPostgresBackend, Queue, type Processor, Worker, type WorkerOptions } from 'bullmq';
import type { Address } from './address.js';
import type { JobData } from './shard-job.js';

/** All shards of all runs go through one queue; who wants two has two databases. */
const QUEUE = 'shards';
/** Beside other queues of the same server. */
const PREFIX = 'vogjs';
/** Of PostgreSQL, beside one to listen: a thousand workers are two thousand connections. */
const CONNECTIONS = 1;
/** Milliseconds to connect. */
const PATIENCE = 10_000;

export type ShardsQueue = Queue<JobData, string, string>;
export type ShardsWorker = Worker<JobData, string, string>;
export type ShardsProcessor = Processor<JobData, string, string>;

/** A queue of BullMQ at this address, to add to and to look into. */
export function queueAt(address: Address): ShardsQueue {
  return address.engine === 'redis'
    ? new Queue(QUEUE, { connection: redis(address), prefix: PREFIX })
    : (new Queue(QUEUE, { connection: postgres(address) }, createPostgresBackend) as unknown as ShardsQueue);
}

/** A worker of BullMQ at this address. */
export function workerAt(
  address: Address,
  processor: ShardsProcessor,
  options: Omit<WorkerOptions, 'connection' | 'prefix'>,
): ShardsWorker {
  if (address.engine === 'redis') {
    return new Worker(QUEUE, processor, { ...options, connection: redis(address), prefix: PREFIX });
  }
  const given = { ...options, connection: postgres(address) };
  return new Worker(QUEUE, processor, given, createPostgresBackend) as unknown as ShardsWorker;
}

function redis({ url }: Address): { url: string; maxRetriesPerRequest: null; connectTimeout: number } {
  return { url, maxRetriesPerRequest: null, connectTimeout: PATIENCE };
}

function postgres({ url }: Address): {
  connectionString: string;
  schema: string;
  migrate: boolean;
  max: number;
  connectionTimeoutMillis: number;
  keepAlive: boolean;
} {
  return {
    connectionString: url,
    schema: PREFIX,
    migrate: true,
    max: CONNECTIONS,
    connectionTimeoutMillis: PATIENCE,
    keepAlive: true,
  };
}
