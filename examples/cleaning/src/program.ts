import { type Program, startRun } from '@vogjs/example-shared';
import { type CleaningImages, dataOf, readCleaningImages } from './data.js';
import { type Result, Results } from './folder.js';
import { BASELINE } from './methods.js';
import type { Noise } from './noise.js';
import { type CleaningOptions, OPTIONS, readOptions } from './options.js';
import type { Settings } from './settings.js';
import { findingTable, methodTable, reviewTable } from './tables.js';
import { findingOf, type Suspects } from './suspects.js';
import { train } from './training.js';

export const cleaningExample: Program = {
  name: 'cleaning',
  description:
    'What dropping, correcting, weighing and reviewing suspect labels buys, at equal numbers of gradient steps',
  options: OPTIONS,
  run: async (typed) => {
    const options = readOptions(typed);
    // Read before anything is trained: a missing file must not be found out after an hour.
    const images = new Map<Noise, CleaningImages>();
    for (const noise of options.noises) images.set(noise, await readCleaningImages(noise, options, options.data));
    await startRun(options);
    const results = new Results(options.out);
    for (const [noise, own] of images) {
      const done: Result[] = [];
      for (let seed = options.seed; seed < options.seed + options.seeds; seed++) {
        done.push(...(await runSeed(noise, own, seed, options, results)));
      }
      const tables = [methodTable(done), findingTable(done), reviewTable(done)].filter((each) => each !== null);
      console.log(`\n## ${noise}\n\n${tables.join('\n\n')}\n`);
    }
  },
};

/** All methods of one seed; what is done already is read. */
async function runSeed(
  noise: Noise,
  images: CleaningImages,
  seed: number,
  options: CleaningOptions,
  results: Results,
): Promise<Result[]> {
  const settings = settingsOf(options);
  const data = dataOf(images, options.heldOut, seed);
  const done: Result[] = [];
  let suspects: Suspects | null = null;
  for (const method of options.methods) {
    const before = await results.find(noise, method.name, seed, settings);
    if (before !== null) {
      if (method.name === BASELINE) suspects = await results.suspects(noise, seed);
      done.push(before);
      continue;
    }
    const made: Awaited<ReturnType<typeof train>> = await train(data, method, suspects, { ...settings, seed });
    const isPlain = method.name === BASELINE;
    suspects = made.suspects;
    const finding = isPlain && suspects !== null ? findingOf(suspects, data.train) : null;
    const result: Result = { noise, method: method.name, seed, settings, trained: made.trained, finding };
    await results.keep(result, isPlain ? suspects : null);
    done.push(result);
    const { test, seconds } = made.trained;
    console.log(
      `${noise}, seed ${seed}, ${method.name}: ${(100 * (test.at(-1) ?? 0)).toFixed(2)} %, ${seconds.toFixed(0)} s`,
    );
  }
  return done;
}

function settingsOf(options: CleaningOptions): Settings {
  const { network, width, examples, heldOut, test, epochs, batchSize, learningRate } = options;
  return { network, width, examples, heldOut, test, epochs, batchSize, learningRate };
}
