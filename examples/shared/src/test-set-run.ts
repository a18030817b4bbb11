import { createTracker, type Scores, type Windows } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { asPublished } from './as-published.js';
import {
  choice,
  COMMON_OPTIONS,
  type CommonOptions,
  folder,
  positiveNumber,
  readCommonOptions,
  type TypedOptions,
  wholeNumber,
} from './command.js';
import { type DatasetName, DATASETS, readImages } from './data.js';
import { channelStatistics, firstImages, type ImageSet, modelInputs } from './images.js';
import { residualNetwork } from './network.js';
import { topOneError } from './top-one-error.js';
import { trainNetwork, type TrainingOptions } from './training.js';

/** A network trained on training images, with the test images as its probe, as in sections B and D. */
export interface TestSetOptions extends CommonOptions {
  readonly dataset: DatasetName;
  /** Training images. */
  readonly examples: number;
  /** Test images, which are scored. */
  readonly test: number;
  readonly epochs: number;
  readonly width: number;
  readonly learningRate: number;
  readonly data: string | null;
}

const FULL = { examples: 4000, test: 2000, epochs: 15 } as const;
const QUICK = { examples: 500, test: 300, epochs: 6 } as const;
const WIDTH = 16;
const BATCH_SIZE = 64;

export const READINGS = ['logit', 'loss'] as const;

/** The options of a program on a test set, with the learning rate that it takes by default. */
export function testSetOptions(learningRate: number) {
  return [
    ['--dataset <name>', `${DATASETS.join(' or ')} (default: ${DATASETS[0]})`],
    ['--examples <n>', `Training images, the first ones (default: ${FULL.examples})`],
    ['--test <n>', `Test images to score, the first ones (default: ${FULL.test})`],
    ['--epochs <n>', `Epochs of training (default: ${FULL.epochs})`],
    ['--width <n>', `Channels of the network's first stage (default: ${WIDTH})`],
    ['--learning-rate <x>', `Of SGD with momentum 0.9 (default: ${learningRate})`],
    ['--data <folder>', 'Standard files of the data set (default: ../shared/data)'],
    ...COMMON_OPTIONS,
  ] as const;
}

export function readTestSetOptions(typed: TypedOptions, learningRate: number): TestSetOptions {
  const common = readCommonOptions(typed);
  const base = common.quick ? QUICK : FULL;
  return {
    ...common,
    dataset: choice(typed, 'dataset', DATASETS, DATASETS[0]),
    examples: wholeNumber(typed, 'examples', base.examples, 100, 50_000),
    test: wholeNumber(typed, 'test', base.test, 100, 10_000),
    epochs: wholeNumber(typed, 'epochs', base.epochs, 6, 1000),
    width: wholeNumber(typed, 'width', WIDTH, 1, 256),
    learningRate: positiveNumber(typed, 'learning-rate', learningRate, 10),
    data: folder(typed, 'data'),
  };
}

/** What a run says of the test images in one window of training. */
export interface WindowResult {
  readonly window: string;
  /** VoG by reading. */
  readonly scores: Readonly<Record<(typeof READINGS)[number], Scores>>;
  /** 1 where the model at the window's last checkpoint is wrong, `[N]`. */
  readonly errors: Float32Array;
}

/** Training and test images, the first ones asked for. */
export async function readTrainAndTest(options: TestSetOptions): Promise<{ train: ImageSet; test: ImageSet }> {
  const { dataset, examples, test, data } = options;
  const train = await readImages(dataset, { part: 'train', count: examples, folder: data });
  const tested = await readImages(dataset, { part: 'test', count: test, folder: data });
  return { train: firstImages(train, examples), test: firstImages(tested, test) };
}

/** Trains, scoring the test images at every epoch, and gives the results of 'complete' and of each window named. */
export async function trainAndScoreTestSet<const W extends string>(
  { train, test }: { readonly train: ImageSet; readonly test: ImageSet },
  options: Pick<TestSetOptions, 'epochs' | 'width' | 'learningRate' | 'seed'> & Pick<TrainingOptions, 'schedule'>,
  windows: Windows,
  names: readonly W[],
): Promise<Record<W | 'complete', WindowResult>> {
  const { epochs, width, learningRate, seed, schedule } = options;
  const statistics = channelStatistics(train);
  const [, ...shape] = train.shape;
  const model = residualNetwork({ shape, classes: train.classNames.length, width, seed });
  const probe = modelInputs(test, statistics);
  const tracker = createTracker({
    inputs: { data: probe.data, shape: [...probe.shape] },
    labels: probe.labels,
    classNames: test.classNames,
    metrics: [...READINGS.map((activation) => asPublished(vog({ name: activation, activation }))), topOneError()],
    windows,
    total: { epochs },
  });
  try {
    await trainNetwork(model, modelInputs(train, statistics), {
      epochs,
      batchSize: BATCH_SIZE,
      learningRate,
      schedule,
      flips: false,
      seed,
      tracker,
    });
    const results: Record<string, WindowResult> = {};
    for (const window of ['complete', ...names]) {
      results[window] = {
        window,
        scores: {
          logit: await tracker.scores('logit', { window }),
          loss: await tracker.scores('loss', { window }),
        },
        errors: (await tracker.scores('top-1-error', { window })).values,
      };
    }
    return results as Record<W | 'complete', WindowResult>;
  } finally {
    tracker.dispose();
    model.dispose();
  }
}

/** Mean of 0s and 1s, in percent. */
export function percentOf(flags: ArrayLike<number>): string {
  return `${((100 * Array.from(flags).reduce((sum, flag) => sum + flag, 0)) / flags.length).toFixed(1)} %`;
}
