import {
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
import { LABEL_SETS, type LabelSet } from './labels.js';

/** What the experiment does, as typed or by default. */
export interface LabelNoiseOptions extends CommonOptions {
  readonly examples: number;
  readonly epochs: number;
  /** Number of runs, with seeds `seed`, `seed + 1`, … */
  readonly seeds: number;
  /** Channels of the network's first stage. */
  readonly width: number;
  readonly learningRate: number;
  readonly flips: boolean;
  readonly labelSets: readonly LabelSet[];
  /** Whether to measure what each metric costs. */
  readonly cost: boolean;
  readonly data: string | null;
}

const FULL = { examples: 5000, epochs: 12, seeds: 3 } as const;
const QUICK = { examples: 400, epochs: 4, seeds: 1 } as const;
const LEARNING_RATE = 0.1;
const WIDTH = 16;

export const OPTIONS = [
  ['--examples <n>', `Training images, the first ones, up to 50000 (default: ${FULL.examples})`],
  ['--epochs <n>', `Epochs of training (default: ${FULL.epochs})`],
  ['--seeds <n>', `Runs for each label set, up to ${MOST_SEEDS} (default: ${FULL.seeds})`],
  ['--labels <names>', `Label sets, with commas: ${LABEL_SETS.join(', ')} (default: all)`],
  ['--width <n>', `Channels of the network's first stage (default: ${WIDTH})`],
  ['--learning-rate <x>', `Largest learning rate (default: ${LEARNING_RATE})`],
  ['--flips', 'Mirror a random half of the images of every batch'],
  ['--no-cost', 'Leave out the measurement of what each metric costs'],
  ['--data <folder>', 'CIFAR-10 binary version and the CIFAR-10N label file (default: ../shared/data)'],
  ...COMMON_OPTIONS,
] as const;

export function readOptions(typed: TypedOptions): LabelNoiseOptions {
  const base = typed['quick'] === true ? QUICK : FULL;
  return {
    ...readCommonOptions(typed),
    examples: wholeNumber(typed, 'examples', base.examples, 100, 50_000),
    epochs: wholeNumber(typed, 'epochs', base.epochs, 2, 1000),
    seeds: wholeNumber(typed, 'seeds', base.seeds, 1, MOST_SEEDS),
    width: wholeNumber(typed, 'width', WIDTH, 1, 256),
    learningRate: positiveNumber(typed, 'learning-rate', LEARNING_RATE, 10),
    flips: typed['flips'] === true,
    labelSets: labelSets(typed['labels']),
    cost: typed['cost'] !== false,
    data: folder(typed, 'data'),
  };
}

function labelSets(value: unknown): readonly LabelSet[] {
  if (value === undefined) return LABEL_SETS;
  const names = String(value).split(',');
  const unknown = names.find((name) => !(LABEL_SETS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--labels must be among ${LABEL_SETS.join(', ')}, with commas between; got '${unknown}'.`);
  }
  return LABEL_SETS.filter((name) => names.includes(name));
}
