export type { Submission } from './add.js';
export type { QueueErrorCode } from './error-codes.js';
export { serveShards } from './serve.js';
export type { Outcome, Served, Serving, Task } from './serving.js';
export type { ShardJob } from './shard-job.js';
export { openShardQueue, type ShardQueue } from './shard-queue.js';
export type { Watched, Watching } from './watch.js';
