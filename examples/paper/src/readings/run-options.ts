import {
  COMMON_OPTIONS,
  type CommonOptions,
  folder,
  readCommonOptions,
  type TypedOptions,
  UsageError,
  wholeNumber,
} from '@vogjs/example-shared';

/** Images of a data set, scored from the checkpoints of a training. */
export interface RunOptions extends CommonOptions {
  readonly run: string;
  readonly count: number;
  readonly data: string | null;
}

const COUNT = 10_000;
const QUICK = 200;

/** The options, with their help, of a program that scores the first of some images. */
export const runOptions = (images: string) =>
  [
    ['--run <folder>', 'Checkpoints of a training, such as ../shared/data/runs/cifar10-resnet9'],
    ['--count <n>', `${images}, the first ones (default: ${COUNT}; --quick ${QUICK})`],
    ['--data <folder>', 'Standard files of the data set (default: ../shared/data)'],
    ...COMMON_OPTIONS,
  ] as const;

/** @param most images that there are */
export function readRunOptions(typed: TypedOptions, most: number): RunOptions {
  const common = readCommonOptions(typed);
  const run = folder(typed, 'run');
  if (run === null) throw new UsageError('--run is missing: give a folder of checkpoints.');
  return {
    ...common,
    run,
    count: wholeNumber(typed, 'count', common.quick ? QUICK : COUNT, 50, most),
    data: folder(typed, 'data'),
  };
}
