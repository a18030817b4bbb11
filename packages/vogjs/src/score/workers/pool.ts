import { extname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ChildWorker, type Ended } from './child-worker.js';
import type { WorkerJob } from './scorer.js';

/** A worker that ends is started again so often. */
const RESTARTS = 3;

/** How a pool is run; tests have shorter waits and a program of their own. */
export interface PoolOptions {
  /** Told what to know: workers that were started again. */
  readonly tell: (line: string) => void;
  /** Passes of examples that a worker has done. */
  readonly progress: (worker: number, done: number) => void;
  /** Milliseconds. */
  readonly silence?: number;
  /** Milliseconds before a worker is started again, the first time; then twice as long. */
  readonly rest?: number;
  readonly restarts?: number;
  readonly program?: string;
}

/**
 * Runs a worker for each job, all at once, and gives the paths of what they made, in the order of the jobs. A worker
 * that dies, or says nothing for a quarter of an hour, is started again, up to three times; its work goes on where it
 * was saved. When this rejects, no worker is left.
 *
 * @throws VogError WORKER_FAILED for one that died four times; what a worker says is wrong, with its code
 */
export async function runWorkers(jobs: readonly WorkerJob[], options: PoolOptions): Promise<string[]> {
  const { restarts: most = RESTARTS } = options;
  const running = new Set<ChildWorker>();
  const killAll = (): void => {
    for (const child of running) child.kill();
  };
  let isOver = false;
  process.on('exit', killAll);
  const run = async (job: WorkerJob, worker: number): Promise<string> => {
    for (let restarts = 0; ; restarts++) {
      const end = await runOnce(job, worker, options, running);
      if (typeof end === 'string') return end;
      if (isOver) throw end.error;
      if (end.isFinal || restarts === most) throw end.error;
      options.tell(`${end.error.message.split('\n')[0]} It is started again, ${restarts + 1} of ${most} times.`);
      await new Promise((resolve) => setTimeout(resolve, (options.rest ?? 1000) * 2 ** restarts));
    }
  };
  try {
    return await Promise.all(jobs.map(run));
  } catch (error) {
    isOver = true;
    await Promise.all([...running].map((child) => child.end()));
    throw error;
  } finally {
    process.off('exit', killAll);
  }
}

async function runOnce(
  job: WorkerJob,
  worker: number,
  { progress, silence, program = programPath() }: PoolOptions,
  running: Set<ChildWorker>,
): Promise<string | Ended> {
  const child = new ChildWorker(program);
  running.add(child);
  const end = await child.run(job, { progress: (done) => progress(worker, done), silence });
  // One that is done has nothing left to do.
  await child.end();
  running.delete(child);
  return end;
}

/** From source the sibling is TypeScript, and the loader comes along in execArgv. */
function programPath(): string {
  const here = import.meta.url;
  return fileURLToPath(new URL(`./main${extname(fileURLToPath(here))}`, here));
}
