import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VogError } from '@vogjs/base';
import type { Outcome, ShardJob, Task } from '@vogjs/queue';
import { ChildWorker, type Ended } from '../workers/child-worker.js';
import type { WorkerJob } from '../workers/scorer.js';
import { jobOf } from './payload.js';

/** Errors of the place and not of the shard: a full disk, a network that was away. */
const PASSING = new Set([
  'DISK_FULL',
  'FILE_FAILED',
  'STORAGE_DAMAGED',
  'STORAGE_FULL',
  'STORAGE_UNREACHABLE',
  'WORKER_FAILED',
]);

/** Processes that score shards of a queue: one is started when it is needed, and kept for the next shard. */
export class ShardWorkers {
  private readonly free: ChildWorker[] = [];
  private readonly all = new Set<ChildWorker>();

  /**
   * @param tell told of each shard that begins and ends
   * @param program path of the module of a worker; tests have one of their own
   */
  constructor(
    private readonly tell: (line: string) => void,
    private readonly program = programPath(),
  ) {}

  /** Does one shard, in a process of its own. */
  async work({ index, of, payload }: ShardJob, { progress, signal }: Task): Promise<Outcome> {
    let job: WorkerJob;
    try {
      job = jobOf(index, of, payload);
    } catch (error) {
      if (!(error instanceof VogError)) throw error;
      return { kind: 'unfit', why: `${error.message} [${error.code}]` };
    }
    const name = `Shard ${index}/${of} of ${job.folder}`;
    this.tell(`${name}: begun`);
    const started = performance.now();
    const end = await this.run(job, progress, signal);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (typeof end === 'string') {
      this.tell(`${name}: done in ${seconds} s`);
      return { kind: 'done', made: end };
    }
    const { code, message } = end.error;
    const why = `${message} [${code}]`;
    this.tell(signal.aborted ? `${name}: left` : `${name}: failed. ${why}`);
    return end.isUnfit ? { kind: 'unfit', why } : { kind: 'failed', why, again: PASSING.has(code) };
  }

  /** Resolves when no process is left. */
  async close(): Promise<void> {
    await Promise.all([...this.all].map((worker) => worker.end()));
    this.all.clear();
  }

  /** To be called when this process ends. */
  readonly killAll = (): void => {
    for (const worker of this.all) worker.kill();
  };

  private async run(job: WorkerJob, progress: (done: number) => void, signal: AbortSignal): Promise<string | Ended> {
    const worker = this.free.pop() ?? this.start();
    const kill = (): void => worker.kill();
    signal.addEventListener('abort', kill);
    if (signal.aborted) kill();
    const end = await worker.run(job, { progress });
    signal.removeEventListener('abort', kill);
    if (worker.isAlive && !signal.aborted) this.free.push(worker);
    else {
      await worker.end();
      this.all.delete(worker);
    }
    return end;
  }

  private start(): ChildWorker {
    const worker = new ChildWorker(this.program);
    this.all.add(worker);
    return worker;
  }
}

/** From source the sibling is TypeScript, and the loader comes along in execArgv. */
function programPath(): string {
  const here = import.meta.url;
  return fileURLToPath(new URL(`./child${extname(fileURLToPath(here))}`, here));
}
