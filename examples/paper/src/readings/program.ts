import {
  COMMON_OPTIONS,
  firstImages,
  folder,
  type Program,
  readCommonOptions,
  readImages,
  startRun,
  type TypedOptions,
  UsageError,
  wholeNumber,
  writeResults,
} from '@vogjs/example-shared';
import { analyseReadings } from './analysis.js';
import { openCheckpoints } from '../train/checkpoints.js';
import { scoreAll } from './score-all.js';
import { readingsMarkdown } from './tables.js';

const ALL = 10_000;
const QUICK = 200;

export const readings: Program = {
  name: 'readings',
  description: 'Every reading of VoG, from saved checkpoints: what is differentiated, of which label, when',
  options: [
    ['--run <folder>', 'Checkpoints of a training, such as ../shared/data/runs/cifar10-resnet9'],
    ['--count <n>', `Test images, the first ones (default: ${ALL}; --quick ${QUICK})`],
    ['--data <folder>', 'Standard files of the data set (default: ../shared/data)'],
    ...COMMON_OPTIONS,
  ],
  run: async (typed) => {
    const options = readOptions(typed);
    const { run, count, data, out, seed } = options;
    await startRun(options);
    const checkpoints = await openCheckpoints(run, data);
    try {
      const { title, count: checkpointCount } = checkpoints;
      const read = await readImages(checkpoints.dataset, { part: 'test', count, folder: data });
      const images = firstImages(read, count);
      const columns = await scoreAll(checkpoints, images, out);
      const result = analyseReadings(columns, images.classNames, seed);
      const markdown = readingsMarkdown(result, title);
      console.log(`\n${markdown}`);
      await writeResults(options, {
        'readings.json': JSON.stringify({ title, checkpoints: checkpointCount, ...result }, null, 1),
        'readings.md': `${markdown}\n`,
      });
    } finally {
      checkpoints.model.dispose();
    }
  },
};

function readOptions(typed: TypedOptions) {
  const common = readCommonOptions(typed);
  const run = folder(typed, 'run');
  if (run === null) throw new UsageError('--run is missing: give a folder of checkpoints.');
  return {
    ...common,
    run,
    count: wholeNumber(typed, 'count', common.quick ? QUICK : ALL, 50, ALL),
    data: folder(typed, 'data'),
  };
}
