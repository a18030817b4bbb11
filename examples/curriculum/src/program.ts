import { type Program, startRun, writeResults } from '@vogjs/example-shared';
import { train } from './experiment.js';
import { METHODS } from './methods.js';
import { type CurriculumExampleOptions, OPTIONS, readOptions } from './options.js';
import { curvePicture, gainPicture } from './picture.js';
import { type RunsByMethod, summarise } from './results.js';
import { methodTable } from './tables.js';
import { readTrainingData, type SetName, type TrainingData } from './training-data.js';

export const curriculumExample: Program = {
  name: 'curriculum',
  description: 'Random order, curricula and pruning at equal numbers of gradient steps',
  options: OPTIONS,
  run: async (typed) => {
    const options = readOptions(typed);
    // Read before anything is trained: a missing file must not be found out after an hour.
    const data = new Map<SetName, TrainingData>();
    for (const set of options.sets) data.set(set, await readTrainingData(set, options));
    const { backend, version } = await startRun(options);
    const { examples, test, epochs, seeds, batchSize, network } = options;
    console.log(
      `${examples} training and ${test} test images, ${epochs} epochs of ${Math.floor(examples / batchSize)} steps of ` +
        `${batchSize}, ${seeds} seeds, network: ${network}`,
    );
    const runs = new Map<SetName, RunsByMethod>();
    for (const [set, own] of data) {
      const ofSet: RunsByMethod = new Map(METHODS.map(({ name }) => [name, []]));
      runs.set(set, ofSet);
      await runSet(set, own, ofSet, options);
      // After each set, so that a run that is cut short has left something.
      const summaries = [...runs].flatMap(([name, all]) => summarise(name, all));
      const byMethod = Object.fromEntries([...runs].map(([name, all]) => [name, Object.fromEntries(all)]));
      await writeResults(options, {
        'curriculum.json': JSON.stringify({ options, backend, version, runs: byMethod }, null, 1),
        'curriculum.svg': gainPicture(summaries),
        'curriculum-curves.svg': curvePicture(runs),
      });
    }
  },
};

/** All methods on one set, seed by seed, printed. */
async function runSet(
  set: SetName,
  data: TrainingData,
  runs: RunsByMethod,
  options: CurriculumExampleOptions,
): Promise<void> {
  const wrong = data.wrong.reduce((sum, flag) => sum + flag, 0) / data.wrong.length;
  console.log(`\n## ${set}: ${(100 * wrong).toFixed(1)} % of the training labels are wrong\n`);
  for (let seed = options.seed; seed < options.seed + options.seeds; seed++) {
    const finals: string[] = [];
    let seconds = 0;
    for (const method of METHODS) {
      const run = await train(data, method, seed, options);
      runs.get(method.name)?.push(run);
      seconds += run.seconds;
      finals.push(`${method.name} ${(100 * (run.accuracy.at(-1) ?? 0)).toFixed(1)}`);
    }
    console.log(`seed ${seed}: ${finals.join(', ')}; ${seconds.toFixed(0)} s`);
  }
  console.log(`\n${methodTable(summarise(set, runs))}`);
}
