import process from 'node:process';
import { runCommandLine } from './command-line.js';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** The command line in this process: what it prints, and its exit code. */
export async function vogjs(...args: string[]): Promise<Ended> {
  const lines = { out: '', error: '' };
  const { log, error } = console;
  const { write } = process.stdout;
  console.log = (line: string) => void (lines.out += `${line}\n`);
  console.error = (line: string) => void (lines.error += `${line}\n`);
  process.stdout.write = ((bytes: Uint8Array | string, done?: () => void) => {
    lines.out += typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes);
    if (typeof done === 'function') done();
    return true;
  }) as typeof write;
  try {
    const code = await runCommandLine(args);
    return { code, ...lines };
  } finally {
    Object.assign(console, { log, error });
    process.stdout.write = write;
  }
}
