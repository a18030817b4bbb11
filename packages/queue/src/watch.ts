import { VogError } from '@vogjs/base';
import { addShards, type Submission } from './add.js';
import type { Address } from './address.js';
import { type Ask, inBatches } from './batches.js';
import { Contact } from './contact.js';
import { pause, within } from './deadline.js';
import type { ShardsQueue } from './engine.js';
import { cancelledId, idOf, type ShardJob } from './shard-job.js';

/** How shards are waited for. */
export interface Watching {
  /** Milliseconds for which nothing gets on, or no server answers, before it is given up. */
  readonly patience: number;
  readonly tell: (line: string) => void;
  /** What a worker said of a shard that is under way. */
  readonly progress?: (index: number, said: unknown) => void;
  /** Told of each shard that is done. */
  readonly done?: (index: number) => void;
  /** Milliseconds between two looks; default one second, and one more for each thousand shards. */
  readonly every?: number;
}

/** What became of shards. */
export interface Watched {
  /** What the worker of each gave, by its index. */
  readonly made: ReadonlyMap<number, string>;
  /** Those that were given up, in the order of their indices. */
  readonly failed: readonly { readonly index: number; readonly why: string }[];
}

/** What is watched. */
interface Watch {
  readonly address: Address;
  readonly queue: ShardsQueue;
  readonly jobs: readonly ShardJob[];
  readonly submission: Submission;
}

/** Milliseconds for an answer. */
const ANSWER = 30_000;
/** Looks after which it is checked that no shard is lost: a server that kept nothing has forgotten all. */
const RECOUNT = 10;
const ALL = ['waiting', 'prioritized', 'delayed', 'active', 'completed', 'failed'] as const;

/**
 * Waits until each shard is done or given up.
 *
 * @throws VogError QUEUE_UNREACHABLE, QUEUE_UNATTENDED, QUEUE_CANCELLED
 */
export async function watchShards(watch: Watch, watching: Watching): Promise<Watched> {
  const { address, queue, jobs, submission } = watch;
  const { patience, tell, every = 1000 + jobs.length } = watching;
  const answer = Math.min(ANSWER, patience);
  const shards = new OpenShards(jobs, watching);
  const contact = new Contact(address, patience, tell);
  // Each answer is a sign of life: all that a look asks may take longer than a silence that is borne.
  const ask: Ask = async (asked) => {
    const given = await within(answer, asked);
    contact.heard();
    return given;
  };
  let wasSilent = false;
  for (let looks = 1; ; looks++) {
    try {
      await shards.look(queue, ask);
      if (shards.left > 0 && (wasSilent || looks % RECOUNT === 0)) {
        const lost = await ask(shards.lost(queue));
        if (lost.length > 0) {
          tell(`The queue has lost ${lost.length} of the shards: they are added again.`);
          await addShards(queue, lost, submission, ask);
        }
      }
      wasSilent = false;
    } catch (error) {
      if (error instanceof VogError) throw error;
      wasSilent = true;
      contact.missed((error as Error).message);
    }
    if (shards.left === 0) return shards.ended;
    // A server that is away is what `contact` is for.
    if (!wasSilent && shards.stillFor >= patience) {
      throw new VogError(
        'QUEUE_UNATTENDED',
        `${shards.left} of ${jobs.length} shards are in the queue at ${address.shown}, and none has made progress for ` +
          `${Math.round(patience / 60_000)} minutes. Start workers: vogjs worker --queue …; and give this command again. What is done is kept.`,
      );
    }
    await pause(every);
  }
}

/** Shards that are neither done nor given up yet. */
class OpenShards {
  private readonly byId: ReadonlyMap<string, ShardJob>;
  private readonly open: Set<string>;
  private readonly made = new Map<number, string>();
  private readonly failed: { index: number; why: string }[] = [];
  /** Failures that have been told, of shards that are tried again. */
  private readonly told = new Set<string>();
  private seen = '';
  private moved = performance.now();

  constructor(
    private readonly jobs: readonly ShardJob[],
    private readonly watching: Watching,
  ) {
    this.byId = new Map(jobs.map((job) => [idOf(job), job]));
    this.open = new Set(this.byId.keys());
  }

  get left(): number {
    return this.open.size;
  }

  get ended(): Watched {
    return { made: this.made, failed: this.failed.toSorted((a, b) => a.index - b.index) };
  }

  /** Milliseconds since something got on. */
  get stillFor(): number {
    return performance.now() - this.moved;
  }

  /** @throws VogError QUEUE_CANCELLED */
  async look(queue: ShardsQueue, ask: Ask): Promise<void> {
    await this.settle(queue, 'completed', ask);
    await this.settle(queue, 'failed', ask);
    if (this.left === 0) return;
    const run = (this.jobs[0] as ShardJob).run;
    if ((await ask(queue.getJob(cancelledId(run)))) !== undefined) {
      throw new VogError(
        'QUEUE_CANCELLED',
        'Somebody took the shards out of the queue. What is done is kept. To go on, give the command again.',
      );
    }
    await this.lookAtActive(queue, ask);
    await this.lookAtRetried(queue, ask);
  }

  /** Shards that the server knows nothing of. */
  async lost(queue: ShardsQueue): Promise<ShardJob[]> {
    const known = new Set(await queue.getRanges([...ALL], 0, -1));
    return [...this.open].filter((id) => !known.has(id)).map((id) => this.byId.get(id) as ShardJob);
  }

  private async settle(queue: ShardsQueue, state: 'completed' | 'failed', ask: Ask): Promise<void> {
    const ids = (await ask(queue.getRanges([state], 0, -1))).filter((each) => this.open.has(each));
    for (const job of await inBatches(ids, (id) => queue.getJob(id), ask)) {
      if (job === undefined) continue;
      const id = job.id as string;
      const { index } = this.byId.get(id) as ShardJob;
      this.open.delete(id);
      this.moved = performance.now();
      if (state === 'completed') this.made.set(index, job.returnvalue);
      else this.failed.push({ index, why: job.failedReason });
      this.watching.done?.(index);
    }
  }

  private async lookAtActive(queue: ShardsQueue, ask: Ask): Promise<void> {
    // One may end between the list and its data.
    const active = (await ask(queue.getJobs(['active']))).filter((job) => this.open.has(job?.id ?? ''));
    const states = JSON.stringify(active.map(({ id, progress, attemptsStarted }) => [id, progress, attemptsStarted]));
    if (states !== this.seen) this.moved = performance.now();
    this.seen = states;
    for (const { id, progress } of active)
      this.watching.progress?.((this.byId.get(id as string) as ShardJob).index, progress);
  }

  private async lookAtRetried(queue: ShardsQueue, ask: Ask): Promise<void> {
    for (const job of await ask(queue.getJobs(['delayed']))) {
      const shard = this.byId.get(job?.id ?? '');
      const key = `${job?.id} ${job?.attemptsMade}`;
      if (shard === undefined || this.told.has(key)) continue;
      this.told.add(key);
      this.watching.tell(
        `Shard ${shard.index}/${shard.of} failed and is tried again (${job.attemptsMade + 1} of ${job.opts.attempts}): ${firstLine(job.failedReason)}`,
      );
    }
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] as string;
}
