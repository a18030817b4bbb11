import type { ShardJob } from './shard-job.js';

/** What became of one try of a shard. */
export type Outcome =
  | { readonly kind: 'done'; readonly made: string }
  /** `again`: it may go well another time. */
  | { readonly kind: 'failed'; readonly why: string; readonly again: boolean }
  /** This worker cannot do it, nor others like it: it ends. */
  | { readonly kind: 'unfit'; readonly why: string };

/** A shard in hand. */
export interface Task {
  /** What is told to those who wait. JSON. */
  readonly progress: (said: unknown) => void;
  /** The shard is to be left at once: cancelled, or this worker ends. */
  readonly signal: AbortSignal;
}

/** How a worker works. All times are milliseconds. */
export interface Serving {
  readonly work: (job: ShardJob, task: Task) => Promise<Outcome>;
  /** Shards at once. */
  readonly concurrency: number;
  /** Shards that all workers together begin within a minute; default as many as they can. */
  readonly perMinute?: number | undefined;
  /** A worker that has not been heard of for so long has lost its shard to another. */
  readonly lease: number;
  /** A worker ends that had nothing to do for so long. */
  readonly idle: number;
  /** A worker ends whose server was silent for so long. */
  readonly patience: number;
  readonly tell: (line: string) => void;
  /** Ends the worker: shards in hand go back to the queue. */
  readonly signal?: AbortSignal;
  /** Milliseconds between two signs of life; default 5 seconds. */
  readonly beat?: number;
}

/** What a worker has done. */
export interface Served {
  readonly done: number;
  readonly failed: number;
  readonly why: 'idle' | 'stopped';
}
