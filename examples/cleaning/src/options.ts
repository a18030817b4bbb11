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
import { type Noise, NOISES } from './noise.js';
import { BASELINE, type Method, METHODS } from './methods.js';
import { NETWORKS } from './network.js';
import type { Settings } from './settings.js';

/** What the experiment does, as typed or by default. */
export interface CleaningOptions extends CommonOptions, Settings {
  readonly noises: readonly Noise[];
  /** The plain training first: the others are measured against it. */
  readonly methods: readonly Method[];
  readonly seeds: number;
  readonly data: string | null;
}

const FULL = { examples: 60_000, heldOut: 5000, test: 10_000, epochs: 12, seeds: 5, width: 16 } as const;
const QUICK = { examples: 600, heldOut: 100, test: 300, epochs: 3, seeds: 2, width: 4 } as const;
const BATCH_SIZE = 128;
const LEARNING_RATE = 0.05;

const OTHERS = METHODS.map(({ name }) => name).filter((name) => name !== BASELINE);

export const OPTIONS = [
  ['--noises <names>', `With commas: ${NOISES.join(', ')} (default: all but the last)`],
  ['--methods <names>', `With commas, beside ${BASELINE}: ${OTHERS.join(', ')} (default: all)`],
  ['--examples <n>', `Training images, the first ones, held-out ones with them (default: ${FULL.examples})`],
  ['--held-out <n>', `Of these, the last ones choose an epoch and train nothing (default: ${FULL.heldOut})`],
  ['--test <n>', `Test images, by their clean labels (default: ${FULL.test})`],
  ['--epochs <n>', `Epochs, each of as many steps as a pass over all images takes (default: ${FULL.epochs})`],
  ['--seeds <n>', `Runs of each method, up to ${MOST_SEEDS} (default: ${FULL.seeds})`],
  ['--network <name>', `${NETWORKS.join(' or ')} (default: ${NETWORKS[0]})`],
  ['--width <n>', `Channels of the first convolution (default: ${FULL.width})`],
  ['--learning-rate <x>', `Largest learning rate (default: ${LEARNING_RATE})`],
  ['--batch-size <n>', `Images per step (default: ${BATCH_SIZE})`],
  ['--data <folder>', 'Standard files of the data sets (default: ../shared/data)'],
  ...COMMON_OPTIONS,
] as const;

export function readOptions(typed: TypedOptions): CleaningOptions {
  const base = typed['quick'] === true ? QUICK : FULL;
  const noises = noisesOf(typed['noises']);
  const examples = wholeNumber(typed, 'examples', base.examples, 100, 60_000);
  const heldOut = wholeNumber(typed, 'held-out', Math.min(base.heldOut, Math.floor(examples / 6)), 10, 20_000);
  if (heldOut > examples / 2) throw new UsageError(`--held-out takes ${heldOut} of ${examples} images; take fewer.`);
  return {
    ...readCommonOptions(typed),
    noises,
    methods: methodsOf(typed['methods']),
    examples,
    heldOut,
    test: wholeNumber(typed, 'test', base.test, 50, 10_000),
    epochs: wholeNumber(typed, 'epochs', base.epochs, 2, 1000),
    seeds: wholeNumber(typed, 'seeds', base.seeds, 1, MOST_SEEDS),
    network: choice(typed, 'network', NETWORKS, NETWORKS[0]),
    width: wholeNumber(typed, 'width', base.width, 1, 256),
    learningRate: positiveNumber(typed, 'learning-rate', LEARNING_RATE, 10),
    batchSize: wholeNumber(typed, 'batch-size', BATCH_SIZE, 1, 1000),
    data: folder(typed, 'data'),
  };
}

function noisesOf(value: unknown): readonly Noise[] {
  if (value === undefined) return NOISES.filter((name) => name !== 'cifar10-worse');
  return namesOf('--noises', value, NOISES);
}

function methodsOf(value: unknown): readonly Method[] {
  if (value === undefined) return METHODS;
  const names = [BASELINE, ...namesOf('--methods', value, OTHERS)];
  return METHODS.filter(({ name }) => names.includes(name));
}

/** Those of `known` that were typed, in its order. */
function namesOf<T extends string>(option: string, value: unknown, known: readonly T[]): T[] {
  const names = String(value).split(',');
  const unknown = names.find((name) => !(known as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`${option} must be among ${known.join(', ')}, with commas between; got '${unknown}'.`);
  }
  return known.filter((name) => names.includes(name));
}
