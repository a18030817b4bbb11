/** One shard of a run, as the queue knows it; where data and results are is in the payload. */
export interface ShardJob {
  /** Name of the run in the queue: letters, digits and dashes. */
  readonly run: string;
  /** Counted from 1. */
  readonly index: number;
  readonly of: number;
  /** JSON. */
  readonly payload: unknown;
}

/** Version of what is in a job. */
export const VERSION = 1;

/** What is kept of a job in the queue. */
export interface JobData extends ShardJob {
  readonly version: number;
}

/** One id a shard: a shard that is added again is the one that is there. */
export function idOf({ run, index, of }: Omit<ShardJob, 'payload'>): string {
  return `${run}-shard-${index}-of-${of}`;
}

/** Whether a job is a shard of the run, by its id. */
export function isOf(run: string, id: string): boolean {
  return id.startsWith(`${run}-shard-`);
}

/** Of a job that says, by being there, that the run is cancelled. */
export function cancelledId(run: string): string {
  return `${run}-cancelled`;
}

export const NAMES = { shard: 'shard', cancelled: 'cancelled' } as const;
