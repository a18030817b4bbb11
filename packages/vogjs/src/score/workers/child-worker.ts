import { type ChildProcess, fork } from 'node:child_process';
import { type ErrorCode, VogError } from '@vogjs/base';
import type { WorkerJob, WorkerMessage } from './scorer.js';

/** A worker tells every few seconds that it is there, unless one chunk takes longer; milliseconds. */
const SILENCE = 15 * 60_000;
/** Of what a worker printed last, so much is told. */
const LAST = 500;

/** How a worker ended without its shard done. */
export interface Ended {
  readonly error: VogError;
  /** True for an error that would come again. */
  readonly isFinal: boolean;
  /** True where any shard would end so in this worker. */
  readonly isUnfit: boolean;
}

/** A process that scores shards, one at a time, from the side of the one that started it. */
export class ChildWorker {
  private readonly child: ChildProcess;
  private readonly closed: Promise<string>;
  private last = '';

  /** @param program path of a module that waits for shards */
  constructor(program: string) {
    const child = fork(program, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.last = (this.last + text).slice(-LAST)));
    this.closed = new Promise((resolve) => {
      child.once('error', (error) => resolve(`could not be started (${error.message})`));
      child.once('close', (code, signal) => resolve(`ended with ${signal === null ? `code ${code}` : signal}`));
    });
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null && this.child.connected;
  }

  /** Gives the path of what it made. One that says nothing for too long is ended. */
  async run(
    job: WorkerJob,
    { progress, silence = SILENCE }: { progress: (done: number) => void; silence?: number | undefined },
  ): Promise<string | Ended> {
    let isSilent = false;
    const onSilence = (): void => {
      isSilent = true;
      this.kill();
    };
    let timer = setTimeout(onSilence, silence);
    let answer: (said: string | Ended) => void = () => {};
    const answered = new Promise<string | Ended>((resolve) => (answer = resolve));
    const onMessage = (message: WorkerMessage): void => {
      clearTimeout(timer);
      timer = setTimeout(onSilence, silence);
      if (message.kind === 'progress') progress(message.done);
      else if (message.kind === 'done') answer(message.path);
      else if (message.kind === 'failed') answer({ error: errorOf(message), isFinal: true, isUnfit: message.isUnfit });
    };
    this.child.on('message', onMessage);
    // Nobody there to be told: how it ended says why.
    this.child.send(job, () => {});
    try {
      return await Promise.race([
        answered,
        this.closed.then((how): Ended => {
          const error = died(job, isSilent ? 'said nothing for too long' : how, this.last);
          return { error, isFinal: false, isUnfit: false };
        }),
      ]);
    } finally {
      clearTimeout(timer);
      this.child.off('message', onMessage);
    }
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Resolves when the process is gone. */
  async end(): Promise<void> {
    this.kill();
    await this.closed;
  }
}

function errorOf({ code, message }: Extract<WorkerMessage, { kind: 'failed' }>): VogError {
  return new VogError((code ?? 'WORKER_FAILED') as ErrorCode, message);
}

function died({ shard: { index, of } }: WorkerJob, how: string, last: string): VogError {
  const said = last.trim() === '' ? '' : ` It said last:\n${last.trim()}`;
  return new VogError('WORKER_FAILED', `The worker of shard ${index}/${of} ${how}.${said}`);
}
