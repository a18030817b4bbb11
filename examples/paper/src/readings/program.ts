import { firstImages, type Program, readImages, startRun, writeResults } from '@vogjs/example-shared';
import { analyseReadings } from './analysis.js';
import { openCheckpoints } from '../train/checkpoints.js';
import { readRunOptions, runOptions } from './run-options.js';
import { scoreAll } from './score-all.js';
import { readingsMarkdown } from './tables.js';

export const readings: Program = {
  name: 'readings',
  description: 'Every reading of VoG, from saved checkpoints: what is differentiated, of which label, when',
  options: runOptions('Test images'),
  run: async (typed) => {
    const options = readRunOptions(typed, 10_000);
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
