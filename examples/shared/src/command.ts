import process from 'node:process';
import { VogError } from '@vogjs/base';
import type { BackendName } from '@vogjs/core/node';
import { cac } from 'cac';

/** A command line that cannot be carried out as typed, or data that is not there: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Exit codes: 0 done, 1 failed, 2 the command line was wrong or data is missing. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** What was typed, by option name; cac gives numbers for what looks like one, and strings or booleans else. */
export type TypedOptions = Readonly<Record<string, unknown>>;

/** A program of one command. */
export interface Program {
  readonly name: string;
  readonly description: string;
  /** Flags with their help, such as `['--epochs <n>', 'Epochs of training']`. */
  readonly options: readonly (readonly [flags: string, help: string])[];
  readonly run: (typed: TypedOptions) => Promise<void>;
}

const BACKENDS = ['auto', 'tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'] as const;

/** Options that every program here has. */
export const COMMON_OPTIONS = [
  ['--seed <n>', 'Seed of everything random (default: 1)'],
  ['--backend <name>', `${BACKENDS.join(', ')} (default: auto)`],
  ['--out <folder>', 'Where to write results as JSON and pictures (default: nowhere)'],
  ['--quick', 'A small run, to see that it works'],
] as const;

/** What every program reads. */
export interface CommonOptions {
  readonly seed: number;
  readonly backend: BackendName | 'auto';
  readonly out: string | null;
  readonly quick: boolean;
}

/** Runs a program with these arguments and gives its exit code; prints why it could not run. */
export async function runProgram(program: Program, argv: readonly string[]): Promise<number> {
  const cli = cac(program.name);
  const command = cli.command('', program.description);
  for (const [flags, help] of program.options) command.option(flags, help);
  command.action((typed: TypedOptions) => program.run(typed));
  cli.help();
  try {
    cli.parse(['node', program.name, ...argv], { run: false });
    if (cli.options['help'] === true) return EXIT.done;
    if (cli.args.length > 0) throw new UsageError(`Unexpected argument '${cli.args[0]}'.`);
    await cli.runMatchedCommand();
    return EXIT.done;
  } catch (error) {
    return explain(program.name, error);
  }
}

function explain(name: string, error: unknown): number {
  if (error instanceof UsageError || (error instanceof Error && error.name === 'CACError')) {
    console.error(`${name}: ${error.message}\nTry: --help`);
    return EXIT.usage;
  }
  if (error instanceof VogError) {
    console.error(`${name}: ${error.message} [${error.code}]`);
    // A backend that was asked for and is not there is the command line's doing.
    return error.code === 'BACKEND_UNAVAILABLE' ? EXIT.usage : EXIT.failed;
  }
  console.error(`${name}: an unexpected error.`);
  console.error(error);
  return EXIT.failed;
}

export function readCommonOptions(typed: TypedOptions): CommonOptions {
  return {
    seed: wholeNumber(typed, 'seed', 1, 0, 2 ** 31 - 1),
    backend: choice(typed, 'backend', BACKENDS, 'auto'),
    out: folder(typed, 'out'),
    quick: typed['quick'] === true,
  };
}

/** A whole number from `least` to `most`. */
export function wholeNumber(typed: TypedOptions, name: string, fallback: number, least: number, most: number): number {
  const value = typed[kebabToCamel(name)] ?? fallback;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}; got '${shown(value)}'.`);
  }
  return value;
}

/** A number above 0, up to `most`. */
export function positiveNumber(typed: TypedOptions, name: string, fallback: number, most: number): number {
  const value = typed[kebabToCamel(name)] ?? fallback;
  if (typeof value !== 'number' || !(value > 0 && value <= most)) {
    throw new UsageError(`--${name} must be a number above 0 and up to ${most}; got '${shown(value)}'.`);
  }
  return value;
}

/** One of the values listed. */
export function choice<const T extends string>(
  typed: TypedOptions,
  name: string,
  allowed: readonly T[],
  fallback: T,
): T {
  const value = typed[kebabToCamel(name)] ?? fallback;
  const found = allowed.find((each) => each === value);
  if (found === undefined)
    throw new UsageError(`--${name} must be one of ${allowed.join(', ')}; got '${shown(value)}'.`);
  return found;
}

/** A folder's name; null where none was typed. */
export function folder(typed: TypedOptions, name: string): string | null {
  const value = typed[kebabToCamel(name)];
  if (value === undefined) return null;
  if (typeof value !== 'string' || value === '')
    throw new UsageError(`--${name} must be a folder; got '${shown(value)}'.`);
  return value;
}

/** Runs the program as the process's own: arguments, exit code. */
export async function main(program: Program): Promise<void> {
  process.exitCode = await runProgram(program, process.argv.slice(2));
}

/** cac stores `--learning-rate` as `learningRate`. */
function kebabToCamel(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function shown(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}
