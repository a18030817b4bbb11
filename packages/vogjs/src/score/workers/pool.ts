import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, VogError } from '@vogjs/base';
import type { WorkerJob, WorkerMessage } from './messages.js';

/** A worker that ends is started again so often. */
const RESTARTS = 3;
/** A worker tells every few seconds that it is there, unless one chunk takes longer. */
const SILENCE = 15 * 60_000;
/** Of what a worker printed last, so much is told. */
const LAST = 500;

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
  const running = new Set<ChildProcess>();
  const killAll = (): void => {
    for (const child of running) child.kill('SIGKILL');
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
    const closed = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)));
    killAll();
    await Promise.all(closed);
    throw error;
  } finally {
    process.off('exit', killAll);
  }
}

/** How a worker ended without its work done. */
interface Ended {
  readonly error: VogError;
  /** True for an error that would come again. */
  readonly isFinal: boolean;
}

function runOnce(
  job: WorkerJob,
  worker: number,
  { progress, silence = SILENCE, program = programPath() }: PoolOptions,
  running: Set<ChildProcess>,
): Promise<string | Ended> {
  const child = fork(program, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  running.add(child);
  let last = '';
  let answer: string | Ended | null = null;
  let isSilent = false;
  const onSilence = (): void => {
    isSilent = true;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(onSilence, silence);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (last = (last + text).slice(-LAST)));
  child.on('message', (message: WorkerMessage) => {
    clearTimeout(timer);
    timer = setTimeout(onSilence, silence);
    if (message.kind === 'progress') progress(worker, message.done);
    else if (message.kind === 'done') answer = message.path;
    else if (message.kind === 'failed') answer = { error: errorOf(message), isFinal: true };
  });
  return new Promise((resolve) => {
    const settle = (how: string): void => {
      clearTimeout(timer);
      running.delete(child);
      resolve(answer ?? { error: died(job, isSilent ? 'said nothing for too long' : how, last), isFinal: false });
    };
    child.once('error', (error) => settle(`could not be started (${error.message})`));
    child.once('close', (code, signal) => settle(`ended with ${signal === null ? `code ${code}` : signal}`));
    // Nobody there to be told: how it ended says why.
    child.send(job, () => {});
  });
}

function errorOf({ code, message }: Extract<WorkerMessage, { kind: 'failed' }>): VogError {
  return new VogError((code ?? 'WORKER_FAILED') as ErrorCode, message);
}

function died({ shard: { index, of } }: WorkerJob, how: string, last: string): VogError {
  const said = last.trim() === '' ? '' : ` It said last:\n${last.trim()}`;
  return new VogError('WORKER_FAILED', `The worker of shard ${index}/${of} ${how}.${said}`);
}

/** From source the sibling is TypeScript, and the loader comes along in execArgv. */
function programPath(): string {
  const here = import.meta.url;
  return fileURLToPath(new URL(`./main${extname(fileURLToPath(here))}`, here));
}
