import { VogError } from '@vogjs/base';
import { Job, UnrecoverableError, WaitingError } from 'bullmq';
import { within } from './deadline.js';
import type { ShardsWorker } from './engine.js';
import type { Outcome, Serving } from './serving.js';
import { cancelledId, type JobData, NAMES, VERSION } from './shard-job.js';

type ShardOfQueue = Job<JobData, string, string>;

/** Why a shard in hand is left. */
type Leave = 'cancelled' | 'stopped' | 'lost';

interface Task {
  readonly job: ShardOfQueue;
  readonly controller: AbortController;
  /** What was said last, and whether it has been told. */
  said: unknown;
  isTold: boolean;
}

/** Milliseconds for an answer. */
const ANSWER = 10_000;

/** The shards that a worker has in hand. */
export class Tasks {
  done = 0;
  failed = 0;
  private readonly inHand = new Map<string, Task>();
  private isStopped = false;
  private busy = performance.now();

  /** @param unfit told that the worker cannot go on */
  constructor(
    private readonly work: Serving['work'],
    private readonly unfit: (error: VogError) => void,
  ) {}

  get idleFor(): number {
    return this.inHand.size > 0 ? 0 : performance.now() - this.busy;
  }

  /** Runs of the shards in hand. */
  get runs(): Set<string> {
    return new Set([...this.inHand.values()].map(({ job }) => job.data.run));
  }

  idsOf(run: string): string[] {
    return [...this.inHand].filter(([, { job }]) => job.data.run === run).map(([id]) => id);
  }

  /** Has shards left at once; without ids all, and those that come. */
  leave(why: Leave, ids: Iterable<string> = this.inHand.keys()): void {
    if (why === 'stopped') this.isStopped = true;
    for (const id of ids) this.inHand.get(id)?.controller.abort(why);
  }

  async tellProgress(): Promise<void> {
    for (const task of this.inHand.values()) {
      if (task.isTold) continue;
      task.isTold = true;
      await task.job.updateProgress(task.said as object);
    }
  }

  /** What BullMQ calls for each job. What it throws says what becomes of the job. */
  async process(job: ShardOfQueue, token: string | undefined, worker: ShardsWorker): Promise<string> {
    if (job.name === NAMES.cancelled) return '';
    if (this.isStopped) return giveBack(job, token);
    const controller = new AbortController();
    const task: Task = { job, controller, said: null, isTold: true };
    const id = job.id as string;
    this.inHand.set(id, task);
    try {
      if ((await Job.fromId(worker, cancelledId(job.data.run))) !== undefined) throw cancelled();
      return await this.settle(task, await this.outcome(task), token);
    } finally {
      this.inHand.delete(id);
      this.busy = performance.now();
    }
  }

  private async outcome(task: Task): Promise<Outcome> {
    const { data } = task.job;
    if (data.version !== VERSION) {
      const why = `The shards were put into the queue by another version of VoG.js (their form is ${data.version}, this worker knows ${VERSION}).`;
      return { kind: 'unfit', why };
    }
    return this.work(data, {
      signal: task.controller.signal,
      progress(said) {
        task.said = said;
        task.isTold = false;
      },
    });
  }

  private async settle({ job, controller: { signal } }: Task, outcome: Outcome, token?: string): Promise<string> {
    if (outcome.kind === 'done') {
      this.done++;
      return outcome.made;
    }
    if (signal.aborted) {
      const reason = signal.reason as Leave;
      if (reason === 'stopped') return giveBack(job, token);
      if (reason === 'cancelled') throw cancelled();
      throw new Error('another worker has this shard: this one was silent for too long');
    }
    if (outcome.kind === 'unfit') {
      this.unfit(new VogError('WORKER_UNFIT', `This worker cannot do these shards. ${outcome.why}`));
      throw new Error(outcome.why);
    }
    this.failed++;
    throw outcome.again ? new Error(outcome.why) : new UnrecoverableError(outcome.why);
  }
}

/** Back to the front of the queue, as if it had not been tried. */
async function giveBack(job: ShardOfQueue, token: string | undefined): Promise<never> {
  await within(ANSWER, job.moveToWait(token));
  throw new WaitingError();
}

function cancelled(): UnrecoverableError {
  return new UnrecoverableError('it was cancelled');
}
