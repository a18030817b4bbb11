import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { VogError } from '@vogjs/base';
import { type CAC, cac } from 'cac';
import type { Command } from './command/command.js';
import { addCommand } from './command/flags.js';
import { meantBy } from './command/meant.js';
import type { Completable } from './completion/completable.js';
import { completionCommand } from './completion/completion.js';
import { DEMO_DEFAULTS, readDemoOptions } from './demo/options.js';
import { DOCTOR_DEFAULTS, readDoctorOptions } from './doctor/options.js';
import { exploreCommand } from './explore/explore.js';
import { exportCommand } from './export/export.js';
import { commandHelp } from './help/command-help.js';
import { overview } from './help/overview.js';
import { importCommand } from './import/import.js';
import { readLinkOptions } from './link/options.js';
import { mergeCommand } from './merge/merge.js';
import { newCommand } from './new/new.js';
import { reportCommand } from './report/report.js';
import { scoreCommand } from './score/score.js';
import { templateCommand } from './template/template.js';
import { UsageError } from './usage-error.js';
import { workerCommand } from './worker/worker.js';

/** Exit codes: 0 done, 1 failed, 2 the command line was wrong, 3 more was found than allowed, 130 interrupted. */
const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Commands whose flags are their declared options. */
const COMMANDS: readonly Command[] = [
  scoreCommand,
  mergeCommand,
  workerCommand,
  templateCommand,
  exploreCommand,
  reportCommand,
  exportCommand,
  importCommand,
  newCommand,
];

/**
 * Runs `vogjs` with these arguments and gives its exit code. What a command takes to run is loaded when it runs: help,
 * version and a wrong option need no TensorFlow.js.
 */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const cli = cac('vogjs');
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
  cli.version(version);
  cli
    .command('demo', 'Train on Fashion-MNIST with planted wrong labels and find them with VoG')
    .option('--epochs <n>', `Epochs of training (default: ${DEMO_DEFAULTS.epochs})`)
    .option('--examples <n>', `Images to train on and to score, up to 10000 (default: ${DEMO_DEFAULTS.examples})`)
    .option('--noise <share>', `Share of the labels to plant wrong (default: ${DEMO_DEFAULTS.noise})`)
    .option('--seed <n>', `Seed of everything random (default: ${DEMO_DEFAULTS.seed})`)
    .option('--backend <name>', 'auto, tfjs-node-gpu, tfjs-node, webgpu, wasm or cpu (default: auto)')
    .option('--out <folder>', `Where to write (default: ${DEMO_DEFAULTS.out})`)
    .option('--quick', 'A smaller run that ends within a minute')
    .option('--resume', 'Continue the interrupted run in --out')
    .example('vogjs demo')
    .example('vogjs demo --quick')
    .action(async (raw: Record<string, unknown>) => {
      const options = readDemoOptions(raw);
      return (await import('./demo/demo.js')).runDemo(options);
    });
  cli
    .command('doctor', 'Tell which backends work here, whether their gradients are right, and how fast they are')
    .option('--json', 'Print the report as JSON')
    .option(
      '--backend <name>',
      'Examine only this one: tfjs-node-gpu, tfjs-node, webgpu, wasm or cpu (default: auto, all)',
    )
    .option('--resnet', 'Time a ResNet-18 at 32x32 as well')
    .option('--timeout <seconds>', `Seconds that each backend has (default: ${DOCTOR_DEFAULTS.timeout})`)
    .example('vogjs doctor')
    .example('vogjs doctor --json > doctor.json')
    .action(async (raw: Record<string, unknown>) => {
      const options = readDoctorOptions(raw);
      return (await import('./doctor/doctor.js')).runDoctor(options);
    });
  cli
    .command('link-libtensorflow [path]', 'Make an installed tfjs-node or tfjs-node-gpu run a newer TensorFlow')
    .option('--package <name>', 'tfjs-node or tfjs-node-gpu (default: the one that is installed)')
    .option('--undo', 'Put back what was there before')
    .option('--json', 'Print the result as JSON')
    .example('vogjs link-libtensorflow')
    .example('vogjs link-libtensorflow tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl')
    .example('vogjs link-libtensorflow --undo')
    .action(async (path: unknown, raw: Record<string, unknown>) => {
      const options = readLinkOptions(path, raw);
      return (await import('./link/link.js')).runLink(options);
    });
  for (const command of COMMANDS) addCommand(cli, command);
  addCommand(
    cli,
    completionCommand(() => completable(cli)),
  );
  cli.help((sections) => {
    const { matchedCommand } = cli;
    if (matchedCommand === undefined) return [{ body: overview(version) }];
    return commandHelp(matchedCommand.name, matchedCommand.description, sections);
  });
  try {
    cli.parse(['node', 'vogjs', ...argv], { run: false });
    if (cli.options['help'] === true || cli.options['version'] === true) return EXIT.done;
    if (cli.matchedCommand === undefined) {
      const [command] = cli.args;
      if (command !== undefined) throw new UsageError(`There is no command '${command}'.${meant(command, cli)}`);
      cli.outputHelp();
      return EXIT.usage;
    }
    const extra = cli.args[cli.matchedCommand.args.length];
    if (extra !== undefined) throw new UsageError(`Unexpected argument '${extra}'.${unquoted(extra, argv)}`);
    return ((await cli.runMatchedCommand()) as number | undefined) ?? EXIT.done;
  } catch (error) {
    return explain(error, cli);
  }
}

function completable(cli: CAC): Completable[] {
  return cli.commands.map(({ name, description, options }) => ({
    name,
    about: description,
    options: options.map((option) => ({
      flag: `--${/--([a-z-]+)/.exec(option.rawName)?.[1] ?? ''}`,
      about: option.description,
      takesValue: option.isBoolean !== true,
    })),
  }));
}

/** A pattern without quotes: the shell puts the files that match in its place, and the second is one argument too many. */
function unquoted(extra: string, argv: readonly string[]): string {
  const option = argv[argv.indexOf(extra) - 2] ?? '';
  const before = argv[argv.indexOf(extra) - 1] ?? '';
  if (!option.startsWith('--') || dirname(before) !== dirname(extra)) return '';
  return ` A pattern of files needs quotes: ${option} '${join(dirname(extra), `*${extname(extra)}`)}'.`;
}

/** The command or option that was probably meant, as a sentence; nothing where none is near. */
function meant(typed: string, cli: CAC): string {
  const names = typed.startsWith('--')
    ? (completable(cli).find(({ name }) => name === cli.matchedCommandName)?.options ?? []).map(({ flag }) => flag)
    : cli.commands.map(({ name }) => name);
  return meantBy(typed, names);
}

/** What was typed wrongly, in our words where cac has its own. */
function mistyped(message: string, cli: CAC): string {
  const unknown = /^Unknown option `(-[a-zA-Z-]+)`$/.exec(message)?.[1];
  const option = unknown?.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (option !== undefined) return `There is no option ${option}.${meant(option, cli)}`;
  const [, bare, value] = /^option `(--[a-z-]+) (.*)` value is missing$/.exec(message) ?? [];
  if (bare !== undefined) return `${bare} needs a value: ${bare} ${value}.`;
  const usage = /^missing required args for command `(.*)`$/.exec(message)?.[1];
  return usage === undefined ? message : `An argument is missing: vogjs ${usage}.`;
}

function explain(error: unknown, cli: CAC): number {
  // cac's own errors (unknown option, missing value) are the user's typing, like ours.
  if (error instanceof UsageError || (error instanceof Error && error.name === 'CACError')) {
    const command = cli.matchedCommandName === undefined ? '' : ` ${cli.matchedCommandName}`;
    console.error(`vogjs: ${mistyped(error.message, cli)}\nTry: vogjs${command} --help`);
    return EXIT.usage;
  }
  if (error instanceof VogError) {
    console.error(`vogjs: ${error.message} [${error.code}]`);
    return EXIT.failed;
  }
  console.error('vogjs: an unexpected error; please report it.');
  console.error(error);
  return EXIT.failed;
}
