// A peer in a process of its own, pinned to the same cores as all others, which answers one request at a time.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { MemoryReply, MemoryRequest, Ready, RunReply, RunRequest } from './protocol.js';

/** Cores of one run: all that this process may use, and four at most. Null where they cannot be pinned. */
export function coresToPin(): string | null {
  if (platform() !== 'linux') return null;
  const list = /^Cpus_allowed_list:\s+(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  const cores = (list ?? '').split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return cores.length === 0 ? null : cores.slice(0, 4).join(',');
}

export class Worker {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private errors = '';

  private constructor(
    readonly name: string,
    [file = '', ...args]: readonly string[],
    cores: string | null,
    environment: Readonly<Record<string, string>>,
  ) {
    const [command, rest] = cores === null ? [file, args] : ['taskset', ['-c', cores, file, ...args]];
    this.child = spawn(command, rest, {
      stdio: ['pipe', 'pipe', 'pipe'],
      // TensorFlow tells of the instructions it uses.
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', ...environment },
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.child.on('error', (error) => (this.errors += error.message));
    // A peer that died says so where its answer is awaited.
    this.child.stdin!.on('error', () => {});
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** Starts a process and waits until it is ready. */
  static async start(
    name: string,
    command: readonly string[],
    cores: string | null,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{ worker: Worker; ready: Ready }> {
    const worker = new Worker(name, command, cores, environment);
    return { worker, ready: await worker.answer<Ready>() };
  }

  run(request: Omit<RunRequest, 'do'>): Promise<RunReply> {
    return this.ask({ do: 'run', ...request });
  }

  memory(request: Omit<MemoryRequest, 'do'>): Promise<MemoryReply> {
    return this.ask({ do: 'memory', ...request });
  }

  /** Ends the process, once it has nothing left to read. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin!.end();
    await ended;
  }

  private ask<Reply>(request: RunRequest | MemoryRequest): Promise<Reply> {
    this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    return this.answer<Reply>();
  }

  private async answer<Reply>(): Promise<Reply> {
    const { value, done } = await this.lines.next();
    if (done === true) throw new Error(`${this.name} ended without an answer: ${lastLine(this.errors)}`);
    return JSON.parse(value as string) as Reply;
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
