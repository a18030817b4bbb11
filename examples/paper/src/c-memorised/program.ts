import {
  COMMON_OPTIONS,
  firstImages,
  folder,
  type Program,
  readCommonOptions,
  readImages,
  shuffleLabels,
  startRun,
  type TypedOptions,
  UsageError,
  wholeNumber,
  writeResults,
} from '@vogjs/example-shared';
import { openCheckpoints } from '../train/checkpoints.js';
import { scoreAll } from '../readings/score-all.js';
import { readTraining } from '../train/folder.js';
import { analyseMemorised } from './analysis.js';
import { memorisedMarkdown } from './tables.js';

const COUNT = 4000;

export const memorised: Program = {
  name: 'c-memorised',
  description:
    'Section C: labels that were shuffled and learned by heart, told from right ones by every reading of VoG',
  options: [
    ['--run <folder>', 'A training of ../train with --shuffled, to its end'],
    ['--count <n>', `Training images that are scored, the first ones (default: ${COUNT})`],
    ['--data <folder>', 'Standard files of the data set (default: ../shared/data)'],
    ...COMMON_OPTIONS,
  ],
  run: async (typed) => {
    const options = readOptions(typed);
    const { run, data, out } = options;
    const settings = (await readTraining(run))?.settings;
    if (settings?.shuffled === undefined) {
      throw new UsageError(`--run '${run}' is no training on shuffled labels: train one with --shuffled 0.2 --plain.`);
    }
    await startRun(options);
    const { dataset, examples, shuffled, seed } = settings;
    const count = Math.min(options.count, examples);
    const all = firstImages(await readImages(dataset, { part: 'train', count: examples, folder: data }), examples);
    const labels = shuffleLabels(all.labels, shuffled, seed);
    const checkpoints = await openCheckpoints(run, data);
    try {
      const images = firstImages({ ...all, labels: labels.given }, count);
      const columns = await scoreAll(checkpoints, images, out);
      const result = analyseMemorised(columns, { wrong: labels.wrong.subarray(0, count) }, all.classNames);
      const markdown = memorisedMarkdown(result);
      console.log(`\n${checkpoints.title}\n\n${markdown}`);
      await writeResults(options, {
        'memorised.json': JSON.stringify({ settings, ...result }, null, 1),
        'memorised.md': `${markdown}\n`,
      });
    } finally {
      checkpoints.model.dispose();
    }
  },
};

function readOptions(typed: TypedOptions) {
  const run = folder(typed, 'run');
  if (run === null) throw new UsageError('--run is missing: give the folder of a training.');
  return {
    ...readCommonOptions(typed),
    run,
    count: wholeNumber(typed, 'count', COUNT, 50, 60_000),
    data: folder(typed, 'data'),
  };
}
