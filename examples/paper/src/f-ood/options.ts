import { type Recipe, RECIPES } from '@vogjs/example-models';
import {
  choice,
  COMMON_OPTIONS,
  type CommonOptions,
  folder,
  positiveNumber,
  readCommonOptions,
  type TypedOptions,
  UsageError,
  wholeNumber,
} from '@vogjs/example-shared';
import { OUT_SETS, type OutSetKey } from './sets.js';

const MODELS = ['resnet-18', 'wide-resnet', 'densenet-bc'] as const;
export type ModelName = (typeof MODELS)[number];

const SCHEDULES = ['recipe', 'cosine'] as const;
const ACTIVATIONS = ['logit', 'softmax', 'loss'] as const;

/** What decides a run's numbers; saved with it, and the same when it goes on. */
export interface RunSettings {
  readonly model: ModelName;
  readonly depth: number;
  /** Channels of the first stage, widening factor or growth rate. */
  readonly width: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly schedule: (typeof SCHEDULES)[number];
  /** Checkpoints of the tracker, evenly spread over the epochs. */
  readonly checkpoints: number;
  /** Training images, the first ones. */
  readonly examples: number;
  /** In-distribution test images. */
  readonly test: number;
  /** At most so many images of each out-of-distribution set. */
  readonly outExamples: number;
  readonly seed: number;
  /** What VoG differentiates. */
  readonly activation: (typeof ACTIVATIONS)[number];
  /** How tables name a network that was trained elsewhere. */
  readonly title?: string;
}

export interface FOodOptions extends CommonOptions, RunSettings {
  /** Checkpoints of a training that is done, in place of one of this program's. */
  readonly run: string | null;
  readonly data: string | null;
  readonly folders: Partial<Record<OutSetKey, string>>;
  /** Where the run is saved, and goes on from. */
  readonly resume: string | null;
  /** Keeps the weights of every checkpoint, not of the last alone. */
  readonly keepWeights: boolean;
}

const PUBLISHED: Record<ModelName, Pick<RunSettings, 'depth' | 'width'>> = {
  'resnet-18': { depth: 18, width: 64 },
  'wide-resnet': { depth: 28, width: 10 },
  'densenet-bc': { depth: 100, width: 12 },
};

/** Small enough for two cores. */
const REDUCED: Record<ModelName, Pick<RunSettings, 'depth' | 'width'>> = {
  'resnet-18': { depth: 18, width: 8 },
  'wide-resnet': { depth: 10, width: 1 },
  'densenet-bc': { depth: 22, width: 8 },
};

type Size = Pick<
  RunSettings,
  'epochs' | 'batchSize' | 'schedule' | 'checkpoints' | 'examples' | 'test' | 'outExamples'
>;

const DEFAULT_SIZE: Size = {
  epochs: 12,
  batchSize: 64,
  schedule: 'cosine',
  checkpoints: 12,
  examples: 10_000,
  test: 1000,
  outExamples: 1000,
};
const QUICK_SIZE: Size = { ...DEFAULT_SIZE, epochs: 6, checkpoints: 6, examples: 256, test: 100, outExamples: 100 };
const paperSize = (model: ModelName): Size => ({
  epochs: RECIPES[model].epochs,
  batchSize: RECIPES[model].batchSize,
  schedule: 'recipe',
  checkpoints: 15,
  examples: 50_000,
  test: 10_000,
  outExamples: 10_000,
});

export const F_OOD_OPTIONS = [
  ['--paper', "The paper's experiment in full, for a GPU; other options still count"],
  ['--model <name>', `${MODELS.join(', ')} (default: ${MODELS[0]})`],
  ['--depth <n>', 'Layers with weights (default: 18, 10, 22; with --paper 18, 28, 100)'],
  ['--width <n>', 'Channels of the first stage, widening, growth rate (default: 8, 1, 8; --paper 64, 10, 12)'],
  ['--epochs <n>', `Epochs of training (default: ${DEFAULT_SIZE.epochs}; --paper 164, 200, 300)`],
  ['--checkpoints <n>', `Of VoG, evenly spread (default: ${DEFAULT_SIZE.checkpoints}; --paper 15)`],
  ['--batch-size <n>', `Images of a step (default: ${DEFAULT_SIZE.batchSize}; --paper 128, 128, 64)`],
  ['--learning-rate <x>', "At the start (default: the architecture's, 0.1)"],
  ['--schedule <name>', "'recipe', the architecture's steps, or 'cosine' (default: cosine; --paper recipe)"],
  ['--examples <n>', `Training images (default: ${DEFAULT_SIZE.examples}; --paper 50000)`],
  ['--test <n>', `Test images of CIFAR-10 (default: ${DEFAULT_SIZE.test}; --paper 10000)`],
  ['--out-examples <n>', `Images of each other set, at most (default: ${DEFAULT_SIZE.outExamples}; --paper 10000)`],
  ['--activation <name>', `What VoG differentiates: ${ACTIVATIONS.join(', ')} (default: ${ACTIVATIONS[0]})`],
  ['--run <folder>', 'Scores the checkpoints of this training, and trains nothing'],
  ['--data <folder>', 'Standard files of CIFAR-10 (default: ../shared/data)'],
  ...OUT_SETS.flatMap(({ key, help }) => (help === null ? [] : [[`--${key} <folder>`, help] as const])),
  ['--resume <folder>', 'Saves the run there at every epoch, and goes on with the one that is there'],
  ['--keep-weights', 'Keeps the weights of every checkpoint, not only the last'],
  ...COMMON_OPTIONS,
] as const;

/** Reads what was typed; what was not is as in `saved`, a run's own settings, or the default. */
export function readFOodOptions(typed: TypedOptions, saved: RunSettings | null = null): FOodOptions {
  const common = readCommonOptions(typed);
  const { quick } = common;
  const paper = typed['paper'] === true;
  if (paper && quick) throw new UsageError('--paper and --quick are two sizes: give one.');
  const model = choice(typed, 'model', MODELS, saved?.model ?? MODELS[0]);
  const architecture = (paper ? PUBLISHED : REDUCED)[model];
  const size = paper ? paperSize(model) : quick ? QUICK_SIZE : DEFAULT_SIZE;
  const own = { learningRate: RECIPES[model].learningRate, seed: common.seed, activation: ACTIVATIONS[0] };
  const base = saved ?? { ...architecture, ...size, ...own };
  const whole = (name: string, fallback: number, least: number, most: number) =>
    wholeNumber(typed, name, fallback, least, most);
  const epochs = whole('epochs', base.epochs, 6, 10_000);
  const settings: RunSettings = {
    model,
    depth: whole('depth', base.depth, 10, 1000),
    width: whole('width', base.width, 1, 1024),
    epochs,
    batchSize: whole('batch-size', base.batchSize, 2, 4096),
    learningRate: positiveNumber(typed, 'learning-rate', base.learningRate, 10),
    schedule: choice(typed, 'schedule', SCHEDULES, base.schedule),
    // Two in each third of the training: one alone has no variance.
    checkpoints: whole('checkpoints', Math.min(base.checkpoints, epochs), 6, epochs),
    examples: whole('examples', base.examples, 100, 50_000),
    test: whole('test', base.test, 50, 10_000),
    outExamples: whole('out-examples', base.outExamples, 50, 10_000),
    seed: whole('seed', base.seed, 0, 2 ** 31 - 1),
    activation: choice(typed, 'activation', ACTIVATIONS, base.activation),
  };
  const run = folder(typed, 'run');
  if (run !== null) refuseTrainingOptions(typed);
  if (saved !== null) refuseOtherSettings(settings, saved, paper || quick);
  return {
    ...common,
    ...settings,
    run,
    data: folder(typed, 'data'),
    folders: foldersOf(typed),
    resume: folder(typed, 'resume'),
    keepWeights: typed['keepWeights'] === true,
  };
}

/** The recipe by which a run trains. */
export function recipeOf({ model, epochs, batchSize, learningRate, schedule }: RunSettings): Recipe {
  const published: Recipe = RECIPES[model];
  const falling = schedule === 'cosine' ? ({ kind: 'cosine' } as const) : published.schedule;
  return { ...published, epochs, batchSize, learningRate, schedule: falling };
}

/** The epochs, from 0, after which the tracker takes a checkpoint: the last one always. */
export function checkpointEpochs({ epochs, checkpoints }: Pick<RunSettings, 'epochs' | 'checkpoints'>): Set<number> {
  return new Set(Array.from({ length: checkpoints }, (_, i) => Math.round(((i + 1) * epochs) / checkpoints) - 1));
}

function foldersOf(typed: TypedOptions): FOodOptions['folders'] {
  const named = OUT_SETS.filter(({ help }) => help !== null).map(({ key }) => [key, folder(typed, key)] as const);
  return Object.fromEntries(named.filter(([, name]) => name !== null));
}

/** What only a training of this program has: `--run` trains nothing. */
const OF_TRAINING = [
  'paper',
  'model',
  'depth',
  'width',
  'epochs',
  'checkpoints',
  'batchSize',
  'learningRate',
  'schedule',
];

function refuseTrainingOptions(typed: TypedOptions): void {
  const given = [...OF_TRAINING, 'keepWeights'].filter((name) => typed[name] !== undefined);
  if (given.length === 0) return;
  throw new UsageError(`--run scores a training that is done: leave out what is for one (${given.join(', ')}).`);
}

function refuseOtherSettings(settings: RunSettings, saved: RunSettings, isSized: boolean): void {
  const other = (Object.keys(saved) as (keyof RunSettings)[]).filter((key) => settings[key] !== saved[key]);
  if (other.length === 0 && !isSized) return;
  const differences = other.map((key) => `${key} was ${saved[key]} and is ${settings[key]}`).join('; ');
  throw new UsageError(
    `The folder of --resume holds a run with settings of its own${differences === '' ? '' : ` (${differences})`}. ` +
      'Leave --paper, --quick and these options out to go on with it, or give another folder.',
  );
}
