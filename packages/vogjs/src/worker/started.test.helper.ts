import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A `vogjs` in a process of its own. */
export interface Started {
  readonly child: ChildProcess;
  /** What it said so far. */
  readonly said: () => string;
  readonly ended: Promise<{ code: number | null; signal: string | null; said: string }>;
}

const here = fileURLToPath(import.meta.url);
const main = fileURLToPath(new URL(`../main${extname(here)}`, import.meta.url));

/** Starts `vogjs` with these arguments. */
export function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}, cwd = process.cwd()): Started {
  const env = { ...process.env, ...environment };
  const child = fork(main, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env, cwd });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  const ended = new Promise<{ code: number | null; signal: string | null; said: string }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, said }));
  });
  return { child, said: () => said, ended };
}
