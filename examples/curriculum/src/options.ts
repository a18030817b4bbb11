import {
  choice,
  type CommonOptions,
  COMMON_OPTIONS,
  folder,
  MOST_SEEDS,
  positiveNumber,
  readCommonOptions,
  type TypedOptions,
  UsageError,
  wholeNumber,
} from '@vogjs/example-shared';
import { type NetworkName, NETWORKS } from './network.js';
import { type SetName, SETS } from './training-data.js';

/** What the experiment does, as typed or by default. */
export interface CurriculumExampleOptions extends CommonOptions {
  readonly examples: number;
  /** Test images. */
  readonly test: number;
  readonly epochs: number;
  /** Number of runs of each method, with seeds `seed`, `seed + 1`, … */
  readonly seeds: number;
  readonly network: NetworkName;
  /** Hidden units of the perceptron, or channels of the first convolution. */
  readonly width: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly sets: readonly SetName[];
  readonly data: string | null;
}

const FULL = { examples: 1000, test: 1000, epochs: 8, seeds: 5 } as const;
const QUICK = { examples: 300, test: 200, epochs: 4, seeds: 2 } as const;
const DEFAULT_SETS: readonly SetName[] = ['fashion-mnist', 'cifar10-worse'];
const LEARNING_RATE = 0.02;
const WIDTHS: Readonly<Record<NetworkName, number>> = { perceptron: 64, convolution: 8 };
const BATCH_SIZE = 50;

export const OPTIONS = [
  ['--examples <n>', `Training images, the first ones (default: ${FULL.examples})`],
  ['--test <n>', `Test images, the first ones (default: ${FULL.test})`],
  ['--epochs <n>', `Epochs, each of as many steps as a pass over all images takes (default: ${FULL.epochs})`],
  ['--seeds <n>', `Runs of each method, up to ${MOST_SEEDS} (default: ${FULL.seeds})`],
  ['--sets <names>', `With commas: ${SETS.join(', ')} (default: ${DEFAULT_SETS.join(',')})`],
  ['--network <name>', `${NETWORKS.join(' or ')} (default: ${NETWORKS[0]})`],
  ['--width <n>', 'Hidden units of the perceptron (default: 64), or channels of the first convolution (8)'],
  ['--learning-rate <x>', `Largest learning rate (default: ${LEARNING_RATE})`],
  ['--batch-size <n>', `Images per step (default: ${BATCH_SIZE})`],
  ['--data <folder>', 'Standard files of the data sets (default: ../shared/data)'],
  ...COMMON_OPTIONS,
] as const;

export function readOptions(typed: TypedOptions): CurriculumExampleOptions {
  const base = typed['quick'] === true ? QUICK : FULL;
  const network = choice(typed, 'network', NETWORKS, NETWORKS[0]);
  return {
    ...readCommonOptions(typed),
    examples: wholeNumber(typed, 'examples', base.examples, 100, 50_000),
    test: wholeNumber(typed, 'test', base.test, 50, 10_000),
    epochs: wholeNumber(typed, 'epochs', base.epochs, 3, 1000),
    seeds: wholeNumber(typed, 'seeds', base.seeds, 2, MOST_SEEDS),
    network,
    width: wholeNumber(typed, 'width', WIDTHS[network], 1, 256),
    learningRate: positiveNumber(typed, 'learning-rate', LEARNING_RATE, 10),
    batchSize: wholeNumber(typed, 'batch-size', BATCH_SIZE, 1, 100),
    sets: sets(typed['sets']),
    data: folder(typed, 'data'),
  };
}

function sets(value: unknown): readonly SetName[] {
  if (value === undefined) return DEFAULT_SETS;
  const names = String(value).split(',');
  const unknown = names.find((name) => !(SETS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--sets must be among ${SETS.join(', ')}, with commas between; got '${unknown}'.`);
  }
  return SETS.filter((name) => names.includes(name));
}
