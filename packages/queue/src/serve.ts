import { VogError } from '@vogjs/base';
import { Job } from 'bullmq';
import { type Address, addressOf } from './address.js';
import { Contact } from './contact.js';
import { pause, within } from './deadline.js';
import { type ShardsWorker, workerAt } from './engine.js';
import { probe } from './probe.js';
import type { Served, Serving } from './serving.js';
import { cancelledId } from './shard-job.js';
import { Tasks } from './tasks.js';

/** Milliseconds for an answer. */
const ANSWER = 10_000;
/** For one that may be away. */
const GOODBYE = 2000;
const BEAT = 5000;
/** So often a shard may be lost with its worker; then it is the shard that kills. */
const MOST_LOST = 3;

/**
 * Takes shards from a queue until there are none for a while, or it is told to stop.
 *
 * @throws VogError QUEUE_ADDRESS, QUEUE_CLOCK, QUEUE_UNREACHABLE, WORKER_UNFIT
 */
export async function serveShards(url: string, serving: Serving): Promise<Served> {
  const address = addressOf(url);
  await probe(address, ANSWER, serving.lease);
  return new Server(address, serving).run();
}

class Server {
  private readonly tasks: Tasks;
  private readonly worker: ShardsWorker;
  private readonly contact: Contact;
  private readonly over = new AbortController();
  private end: VogError | Served['why'] | null = null;

  constructor(
    address: Address,
    private readonly serving: Serving,
  ) {
    const { concurrency, perMinute, lease, patience, tell, beat = BEAT } = serving;
    this.contact = new Contact(address, patience, tell);
    this.tasks = new Tasks(serving.work, (error) => this.finish(error));
    this.worker = workerAt(address, (job, token) => this.tasks.process(job, token, this.worker), {
      concurrency,
      lockDuration: lease,
      stalledInterval: lease / 2,
      maxStalledCount: MOST_LOST,
      runRetryDelay: beat,
      ...(perMinute === undefined ? {} : { limiter: { max: perMinute, duration: 60_000 } }),
    });
    // Whether the server answers is asked at each beat.
    this.worker.on('error', () => {});
    this.worker.on('lockRenewalFailed', (ids) => this.tasks.leave('lost', ids));
  }

  async run(): Promise<Served> {
    const { idle, patience, beat = BEAT, signal } = this.serving;
    const onStop = (): void => this.finish('stopped');
    signal?.addEventListener('abort', onStop);
    if (signal?.aborted === true) onStop();
    while (!this.over.signal.aborted) {
      await pause(beat, this.over.signal);
      if (this.over.signal.aborted) break;
      try {
        await within(Math.min(ANSWER, patience), this.beat());
        this.contact.heard();
      } catch (error) {
        this.miss((error as Error).message);
      }
      if (this.tasks.idleFor >= idle) this.finish('idle');
    }
    signal?.removeEventListener('abort', onStop);
    // A server that is away would keep both.
    const isAway = this.end instanceof VogError && this.end.code === 'QUEUE_UNREACHABLE';
    await within(isAway ? GOODBYE : ANSWER, this.worker.close()).catch(() =>
      within(GOODBYE, this.worker.disconnect()).catch(() => {}),
    );
    if (this.end instanceof VogError) throw this.end;
    return { done: this.tasks.done, failed: this.tasks.failed, why: this.end ?? 'stopped' };
  }

  /** Says how far the shards in hand are, and asks whether they are still wanted. */
  private async beat(): Promise<void> {
    const runs = this.tasks.runs;
    // Of no shard it asks all the same, to know that somebody answers.
    for (const run of runs.size === 0 ? ['-'] : runs) {
      if ((await Job.fromId(this.worker, cancelledId(run))) !== undefined)
        this.tasks.leave('cancelled', this.tasks.idsOf(run));
    }
    await this.tasks.tellProgress();
  }

  private miss(why: string): void {
    try {
      this.contact.missed(why);
    } catch (error) {
      this.finish(error as VogError);
    }
  }

  private finish(end: VogError | Served['why']): void {
    if (this.end !== null) return;
    this.end = end;
    // Before shards are left: none is to be taken in their place.
    void this.worker.close().catch(() => {});
    this.tasks.leave('stopped');
    this.over.abort();
  }
}
