import type { Declaration, Entries } from '@vogjs/base/options';

/** How an option is typed: a switch, or what stands for its value in the help; `[n]` may be left out, which is 'auto'. */
export type Flag = 'switch' | `<${string}>` | `<${string},…>` | `[${string}]`;

/** A command whose flags are its declared options: `--chunk-size` is the option `chunkSize`. */
export interface Command {
  /** As it is typed: `'score [data]'`. */
  readonly usage: string;
  /** What it does, in one line. */
  readonly about: string;
  /** Command lines that people copy, each with what it does after two spaces or more. */
  readonly examples: readonly string[];
  readonly options: Declaration<Entries>;
  /** How each option is typed; those of the declaration that are not here have no flag. */
  readonly flags: Readonly<Record<string, Flag>>;
  /** The options that the arguments in brackets give, in their order. */
  readonly argument?: string | readonly string[];
  /** Runs with what was typed, checked or not as the command likes; gives the exit code. */
  run(given: Readonly<Record<string, unknown>>): Promise<number>;
}
