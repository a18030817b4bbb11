import {
  firstImages,
  type Program,
  readHumanLabels,
  readImages,
  startRun,
  UsageError,
  writeResults,
} from '@vogjs/example-shared';
import { openCheckpoints } from '../train/checkpoints.js';
import { readRunOptions, runOptions } from '../readings/run-options.js';
import { scoreAll } from '../readings/score-all.js';
import { analysePeople } from './analysis.js';
import { peopleMarkdown } from './tables.js';

/** Each of CIFAR-10N's three sets has one person for an image. */
const PEOPLE = ['random1', 'random2', 'random3'] as const;

export const people: Program = {
  name: 'people',
  description: 'Do three people disagree about the images that VoG calls hard? CIFAR-10N beside every reading',
  options: runOptions('Training images'),
  run: async (typed) => {
    const options = readRunOptions(typed, 50_000);
    const { run, count, data, out, seed } = options;
    await startRun(options);
    const checkpoints = await openCheckpoints(run, data);
    try {
      if (checkpoints.dataset !== 'cifar10') {
        throw new UsageError(`--run '${run}' is of ${checkpoints.dataset}: people labelled CIFAR-10 only.`);
      }
      const images = firstImages(await readImages('cifar10', { part: 'train', count, folder: data }), count);
      const sets = await Promise.all(PEOPLE.map((set) => readHumanLabels(set, images.labels, data)));
      const disagreeing = sets.map(({ wrong }) => wrong);
      const result = analysePeople(await scoreAll(checkpoints, images, out), disagreeing, seed);
      const markdown = peopleMarkdown(result);
      console.log(`\n${checkpoints.title}\n\n${markdown}`);
      await writeResults(options, {
        'people.json': JSON.stringify({ title: checkpoints.title, ...result }, null, 1),
        'people.md': `${markdown}\n`,
      });
    } finally {
      checkpoints.model.dispose();
    }
  },
};
