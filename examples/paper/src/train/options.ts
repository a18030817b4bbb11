import { type Recipe } from '@vogjs/example-models';
import {
  choice,
  COMMON_OPTIONS,
  type CommonOptions,
  type DatasetName,
  DATASETS,
  folder,
  HUMAN_LABEL_SETS,
  type HumanLabelSet,
  positiveNumber,
  readCommonOptions,
  type TypedOptions,
  UsageError,
  wholeNumber,
} from '@vogjs/example-shared';

const NETWORKS = ['resnet-9', 'resnet-18'] as const;
type NetworkName = (typeof NETWORKS)[number];

/** Each fold is the images whose place leaves the same rest, so that every one has all classes. */
export const FOLDS = 4;

/** What decides a training's weights; saved with it, and the same when it goes on. */
export interface TrainingSettings {
  readonly dataset: DatasetName;
  readonly network: NetworkName;
  /** Channels of the first convolution. */
  readonly width: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** The largest rate of the cycle; with `from` the rate of every step. */
  readonly learningRate: number;
  /** Training images, the first ones. */
  readonly examples: number;
  /** Test images on which accuracy is measured after each epoch. */
  readonly test: number;
  readonly seed: number;
  /** Share of the training labels that are shuffled; absent where none is. */
  readonly shuffled?: number;
  /** Images as they are, neither cropped nor mirrored. */
  readonly plain?: true;
  /** Labels that people gave, in place of the true ones. */
  readonly labels?: HumanLabelSet;
  /** The fold of the training images that is left out, from 1. */
  readonly without?: number;
  /** What the training begins with, where it is the last weights of another: its name and a hash of its weights. */
  readonly from?: string;
}

export interface TrainOptions extends CommonOptions, TrainingSettings {
  readonly out: string;
  /** Folder of the training whose last weights this one begins with; null for weights drawn by the seed. */
  readonly beginsWith: string | null;
  readonly data: string | null;
}

const PRESETS = ['accurate', 'toy'] as const;

/** Enough of each data set's images, and of epochs, for the accuracy that the paper's findings need. */
const ACCURATE = {
  cifar10: { network: 'resnet-9', epochs: 16, examples: 50_000 },
  'fashion-mnist': { network: 'resnet-9', epochs: 8, examples: 60_000 },
} as const satisfies Record<DatasetName, object>;

/** Of a training that goes on from another: the rate at which the paper's recipes end. */
const ON = { learningRate: 0.001, epochs: 8 } as const;

const WIDTH: Record<DatasetName, Record<NetworkName, number>> = {
  cifar10: { 'resnet-9': 24, 'resnet-18': 24 },
  'fashion-mnist': { 'resnet-9': 12, 'resnet-18': 8 },
};

export const TRAIN_OPTIONS = [
  ['--preset <name>', `${PRESETS.join(', ')}: sizes that reach 90 % and more, or ones that only show that it works`],
  ['--dataset <name>', `${DATASETS.join(', ')} (default: cifar10)`],
  ['--network <name>', `${NETWORKS.join(', ')} (default: resnet-9)`],
  ['--width <n>', 'Channels of the first convolution (default: 24; on Fashion-MNIST 12, of resnet-18 8)'],
  ['--epochs <n>', 'Epochs of training (default: 16; on Fashion-MNIST 8)'],
  ['--batch-size <n>', 'Images of a step (default: 256)'],
  ['--learning-rate <x>', 'The largest of the cycle (default: 0.2)'],
  ['--examples <n>', 'Training images (default: all)'],
  ['--test <n>', 'Test images (default: all 10,000)'],
  ['--shuffled <share>', 'Share of the training labels that are shuffled, as in section C (default: 0)'],
  ['--labels <name>', `People's labels of CIFAR-10N in place of the true ones: ${HUMAN_LABEL_SETS.join(', ')}`],
  ['--without <fold>', `Leaves out a fold of the training images, 1 to ${FOLDS}, for scores out of sample`],
  ['--plain', 'Neither crops nor mirrors images, so that a network learns its labels by heart'],
  [
    '--from <folder>',
    `Begins with the last weights of this training, at one rate (default: ${ON.epochs} epochs of ${ON.learningRate})`,
  ],
  ['--data <folder>', 'Standard files of the data set (default: ../shared/data)'],
  ...COMMON_OPTIONS.filter(([flags]) => !flags.startsWith('--quick') && !flags.startsWith('--out')),
  ['--out <folder>', 'Where checkpoints go, one an epoch; a training that is there goes on (required)'],
] as const;

export function readTrainOptions(typed: TypedOptions): TrainOptions {
  const preset = choice(typed, 'preset', PRESETS, 'accurate');
  const dataset = choice(typed, 'dataset', DATASETS, 'cifar10');
  const toy = preset === 'toy';
  const size = ACCURATE[dataset];
  const network = choice(typed, 'network', NETWORKS, size.network);
  const common = readCommonOptions(typed);
  const out = folder(typed, 'out');
  if (out === null) throw new UsageError('--out is missing: the folder in which checkpoints are kept.');
  const beginsWith = folder(typed, 'from');
  const own = beginsWith === null ? { epochs: size.epochs, learningRate: 0.2 } : ON;
  return {
    ...common,
    out,
    dataset,
    network,
    width: wholeNumber(typed, 'width', toy ? 4 : WIDTH[dataset][network], 1, 1024),
    beginsWith,
    epochs: wholeNumber(typed, 'epochs', toy ? 2 : own.epochs, 1, 10_000),
    batchSize: wholeNumber(typed, 'batch-size', toy ? 32 : 256, 1, 100_000),
    learningRate: positiveNumber(typed, 'learning-rate', own.learningRate, 100),
    examples: wholeNumber(typed, 'examples', toy ? 128 : size.examples, 2, size.examples),
    test: wholeNumber(typed, 'test', toy ? 100 : 10_000, 1, 10_000),
    data: folder(typed, 'data'),
    ...shuffledOf(typed),
    ...(typed['plain'] === true ? { plain: true } : {}),
    ...labelsOf(typed, dataset),
    ...(typed['without'] === undefined ? {} : { without: wholeNumber(typed, 'without', 1, 1, FOLDS) }),
  };
}

/** Left out where nothing is shuffled: trainings that were saved before there was a choice say nothing of it. */
function shuffledOf(typed: TypedOptions): Pick<TrainingSettings, 'shuffled'> {
  if (typed['shuffled'] === undefined) return {};
  return { shuffled: positiveNumber(typed, 'shuffled', 0.2, 1) };
}

function labelsOf(typed: TypedOptions, dataset: DatasetName): Pick<TrainingSettings, 'labels'> {
  if (typed['labels'] === undefined) return {};
  const labels = choice(typed, 'labels', HUMAN_LABEL_SETS, 'worse');
  if (dataset !== 'cifar10') throw new UsageError('--labels are of CIFAR-10: leave out --dataset, or --labels.');
  if (typed['shuffled'] !== undefined) throw new UsageError('Give --labels or --shuffled, not both.');
  return { labels };
}

/**
 * Source: the recipe of many small networks on CIFAR-10: SGD with Nesterov's momentum over one cycle of the rate. A
 * training that goes on from another has one rate.
 */
export function recipeOf({ epochs, batchSize, learningRate, from }: TrainingSettings): Recipe {
  const schedule =
    from === undefined ? ({ kind: 'one-cycle', rise: 0.3 } as const) : ({ kind: 'steps', at: [], factor: 1 } as const);
  return { epochs, batchSize, learningRate, momentum: 0.9, nesterov: true, weightDecay: 5e-4, schedule };
}
