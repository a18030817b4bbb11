import { firstImages, percent, type Program, readImages, startRun } from '@vogjs/example-shared';
import { beginningOf } from './beginning.js';
import type { TrainedEpoch } from './folder.js';
import { readTrainOptions, TRAIN_OPTIONS, type TrainOptions, type TrainingSettings } from './options.js';
import { type TrainingData, trainInto } from './train.js';
import { trainingImages } from './training-images.js';

export const training: Program = {
  name: 'train',
  description: 'Trains the networks whose checkpoints the other experiments score, one checkpoint an epoch',
  options: TRAIN_OPTIONS,
  run: async (typed) => {
    const options = readTrainOptions(typed);
    const data = await readData(options);
    const backend = await startRun(options);
    const beginning = await beginningOf(options);
    const settings = settingsOf(options);
    const { network, width, dataset, examples, epochs, out } = options;
    console.log(`${network} (width ${width}) on ${examples} images of ${dataset}, ${epochs} epochs, into ${out}`);
    if (beginning !== null) console.log(`from ${beginning.identity}, at a rate of ${settings.learningRate}`);
    const onEpoch = (epoch: number, done: TrainedEpoch) => {
      const { loss, accuracy, testAccuracy, seconds } = done;
      console.log(
        `epoch ${epoch + 1} of ${epochs}: loss ${loss.toFixed(3)}, training accuracy ${percent(accuracy)}, ` +
          `test accuracy ${percent(testAccuracy)}, ${seconds.toFixed(0)} s`,
      );
    };
    const record = await trainInto(out, data, settings, backend, onEpoch, beginning);
    const minutes = record.epochs.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
    const last = record.epochs.at(-1)?.testAccuracy ?? Number.NaN;
    console.log(`test accuracy ${percent(last)} after ${record.epochs.length} epochs, ${minutes.toFixed(1)} minutes`);
  },
};

async function readData(options: TrainOptions): Promise<TrainingData> {
  const { dataset, examples, test, data } = options;
  const [train, judges] = await Promise.all([
    readImages(dataset, { part: 'train', count: examples, folder: data }),
    readImages(dataset, { part: 'test', count: test, folder: data }),
  ]);
  return { train: await trainingImages(firstImages(train, examples), options, data), test: firstImages(judges, test) };
}

/** What was left out stays out of the record: trainings of before such a choice say nothing of it. */
function settingsOf(options: TrainOptions): TrainingSettings {
  const { dataset, network, width, epochs, batchSize, learningRate, examples, test, seed } = options;
  const { shuffled, plain, labels, without } = options;
  return {
    dataset,
    network,
    width,
    epochs,
    batchSize,
    learningRate,
    examples,
    test,
    seed,
    ...(shuffled === undefined ? {} : { shuffled }),
    ...(plain === undefined ? {} : { plain }),
    ...(labels === undefined ? {} : { labels }),
    ...(without === undefined ? {} : { without }),
  };
}
