import { VogError } from '@vogjs/base';
import type { Option } from '@vogjs/base/options';
import type { CAC } from 'cac';
import { UsageError } from '../usage-error.js';
import type { Command, Flag } from './command.js';

/** Adds a command to the command line: its flags, their help and what they give, from its declared options. */
export function addCommand(cli: CAC, command: Command): void {
  const { usage, about, options, flags, argument = [] } = command;
  const added = cli.command(usage, about);
  for (const example of command.examples) added.example(example);
  for (const [name, flag] of Object.entries(flags)) {
    const option = options.entries[name];
    if (option === undefined) throw new Error(`unreachable: the flag of '${name}' has no option`);
    added.option(flag === 'switch' ? `--${kebab(name)}` : `--${kebab(name)} ${flag}`, help(option));
  }
  const args = [argument].flat();
  const run = (given: Record<string, unknown>): Promise<number> => {
    refuseMistyped(options, given, args);
    return command.run(given);
  };
  // cac gives the arguments in their order, then the flags.
  added.action((...all: unknown[]) => {
    const flagged = typed(flags, all.at(-1) as Record<string, unknown>);
    const named = all.slice(0, -1).flatMap((value, at) => (value === undefined ? [] : [[args[at], String(value)]]));
    return run({ ...flagged, ...Object.fromEntries(named) });
  });
}

/** What was typed wrongly is the command line's fault, before anything is loaded or read. */
function refuseMistyped(options: Command['options'], given: Record<string, unknown>, args: readonly string[]): void {
  try {
    options.resolve(given);
  } catch (error) {
    if (error instanceof VogError) throw new UsageError(asTyped(error.message));
    throw error;
  }

  /** `vogjs score: imageSize must be …` in the words of who types: `--image-size must be …`. */
  function asTyped(message: string): string {
    return message.replace(/^vogjs [a-z-]+: (\w+)(?:\[\d+\])?/, (_, name: string) =>
      args.includes(name) ? `<${name}>` : `--${kebab(name)}`,
    );
  }
}

/** `chunkSize` -> `chunk-size` */
export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function help({ description = '', presence, fallback, absence = '' }: Option<unknown>): string {
  const value = presence === 'defaulted' && fallback !== false ? String(fallback) : absence;
  const words = description.replace(/\.$/, '');
  return value === '' ? words : `${words} (default: ${value})`;
}

/** What was typed, as the options' values: cac gives numbers for what looks like one, and a list for what comes twice. */
function typed(flags: Readonly<Record<string, Flag>>, raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(flags)) {
    const value = raw[name];
    if (value !== undefined) given[name] = valueOf(flag, value);
  }
  return given;
}

function valueOf(flag: Flag, value: unknown): unknown {
  if (flag === 'switch') return value;
  if (flag.startsWith('[')) return value === true ? 'auto' : value;
  if (flag.includes(',…')) {
    return [value].flat().flatMap((each) =>
      String(each)
        .split(',')
        .map((part) => part.trim()),
    );
  }
  // What comes twice where one is wanted is refused by the option itself.
  return flag === '<n>' || Array.isArray(value) ? value : String(value);
}
