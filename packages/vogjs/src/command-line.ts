import { createRequire } from 'node:module';
import { VogError } from '@vogjs/base';
import { cac } from 'cac';
import type { Command } from './command/command.js';
import { addCommand } from './command/flags.js';
import { DEMO_DEFAULTS, readDemoOptions } from './demo/options.js';
import { DOCTOR_DEFAULTS, readDoctorOptions } from './doctor/options.js';
import { exploreCommand } from './explore/explore.js';
import { exportCommand } from './export/export.js';
import { importCommand } from './import/import.js';
import { readLinkOptions } from './link/options.js';
import { mergeCommand } from './merge/merge.js';
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
    .action(async (raw: Record<string, unknown>) => {
      const options = readDemoOptions(raw);
      return (await import('./demo/demo.js')).runDemo(options);
    });
  cli
    .command('doctor', 'Which backends work here, whether their gradients are right, and how fast they are')
    .option('--json', 'Print the report as JSON')
    .option('--backend <name>', 'Examine one alone: tfjs-node-gpu, tfjs-node, webgpu, wasm or cpu (default: auto, all)')
    .option('--resnet', 'Time a ResNet-18 at 32x32 as well')
    .option('--timeout <seconds>', `Seconds that each backend has (default: ${DOCTOR_DEFAULTS.timeout})`)
    .action(async (raw: Record<string, unknown>) => {
      const options = readDoctorOptions(raw);
      return (await import('./doctor/doctor.js')).runDoctor(options);
    });
  cli
    .command('link-libtensorflow [path]', 'Make an installed tfjs-node or tfjs-node-gpu run a newer TensorFlow')
    .option('--package <name>', 'tfjs-node or tfjs-node-gpu (default: the one that is installed)')
    .option('--undo', 'Put back what was there before')
    .option('--json', 'Print the result as JSON')
    .action(async (path: unknown, raw: Record<string, unknown>) => {
      const options = readLinkOptions(path, raw);
      return (await import('./link/link.js')).runLink(options);
    });
  for (const command of COMMANDS) addCommand(cli, command);
  cli.help();
  try {
    cli.parse(['node', 'vogjs', ...argv], { run: false });
    if (cli.options['help'] === true || cli.options['version'] === true) return EXIT.done;
    if (cli.matchedCommand === undefined) {
      const [command] = cli.args;
      if (command !== undefined) throw new UsageError(`There is no command '${command}'.`);
      cli.outputHelp();
      return EXIT.usage;
    }
    const extra = cli.args[cli.matchedCommand.args.length];
    if (extra !== undefined) throw new UsageError(`Unexpected argument '${extra}'.`);
    return ((await cli.runMatchedCommand()) as number | undefined) ?? EXIT.done;
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): number {
  // cac's own errors (unknown option, missing value) are the user's typing, like ours.
  if (error instanceof UsageError || (error instanceof Error && error.name === 'CACError')) {
    console.error(`vogjs: ${error.message}\nTry: vogjs --help`);
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
