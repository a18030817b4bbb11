import process from 'node:process';
import type { WorkerJob, WorkerMessage } from './scorer.js';

const HEARTBEAT = 5000;

/** From the side of a worker: the process that started it. This one ends with it. */
export class Parent {
  private readonly heart = setInterval(() => void this.tell({ kind: 'alive' }), HEARTBEAT);
  private readonly jobs: WorkerJob[] = [];
  private onJob: () => void = () => {};

  constructor() {
    // Whoever started it is gone: nobody would read what it finds, and what is done is on the disk.
    process.on('disconnect', () => process.exit(1));
    // It may have gone while this program was loaded.
    if (!process.connected) process.exit(1);
    process.on('message', (job) => {
      this.jobs.push(job as WorkerJob);
      this.onJob();
    });
  }

  /** The next shard that it is to do. */
  async next(): Promise<WorkerJob> {
    while (this.jobs.length === 0) await new Promise<void>((resolve) => (this.onJob = resolve));
    return this.jobs.shift() as WorkerJob;
  }

  /** Resolves when it has left; to nobody it is no error. */
  tell(message: WorkerMessage): Promise<void> {
    return new Promise((resolve) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
      else resolve();
    });
  }

  close(): void {
    clearInterval(this.heart);
  }
}
