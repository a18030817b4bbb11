// What tests of the examples share.
import { type Program, runProgram } from './command.js';

/** Runs a program, and gives what it says instead of saying it. */
export async function runQuietly(program: Program, args: readonly string[]): Promise<{ code: number; output: string }> {
  const [log, error] = [console.log, console.error];
  const lines: string[] = [];
  console.log = console.error = (line: string) => void lines.push(line);
  try {
    return { code: await runProgram(program, args), output: lines.join('\n') };
  } finally {
    [console.log, console.error] = [log, error];
  }
}
