import {
  channelStatistics,
  firstImages,
  type ImageSet,
  type ModelInputs,
  modelInputs,
  readHumanLabels,
  readImages,
  wrongLabels,
} from '@vogjs/example-shared';
import { addNoise, type Noise } from './noise.js';
import type { Settings } from './settings.js';

/** Images whose labels have errors, and what is right. */
export interface Labelled extends ModelInputs {
  /** The right labels; `labels` are those given. */
  readonly clean: Int32Array;
  /** 1 where the given label is wrong. */
  readonly wrong: Uint8Array;
}

/** One set with one noise, of one seed. */
export interface CleaningData {
  readonly train: Labelled;
  /** Drawn with the same noise; it chooses an epoch by the given labels and trains nothing. */
  readonly heldOut: Labelled;
  /** Judged by the clean labels; the given ones show what a small noisy test set would tell. */
  readonly test: Labelled;
}

/** The images of a noise; read once for all seeds. */
export interface CleaningImages {
  readonly noise: Noise;
  readonly train: ImageSet;
  readonly test: ImageSet;
  /** What people gave the training images; null where errors are drawn. */
  readonly human: Int32Array | null;
}

/** @param folder of the data set's standard files, null for the usual one */
export async function readCleaningImages(
  noise: Noise,
  { examples, test }: Pick<Settings, 'examples' | 'test'>,
  folder: string | null,
): Promise<CleaningImages> {
  const set = noise === 'cifar10-worse' ? 'cifar10' : 'fashion-mnist';
  const count = set === 'cifar10' ? Math.min(50_000, examples) : examples;
  const train = firstImages(await readImages(set, { part: 'train', count, folder }), count);
  const tested = firstImages(await readImages(set, { part: 'test', count: test, folder }), test);
  const human = set === 'cifar10' ? (await readHumanLabels('worse', train.labels, folder)).given : null;
  return { noise, train, test: tested, human };
}

/** Draws the errors of a seed; people's stay as they are, and the test images of CIFAR-10 have none. */
export function dataOf({ noise, train, test, human }: CleaningImages, heldOut: number, seed: number): CleaningData {
  const drawn = noise === 'cifar10-worse' ? 'clean' : noise;
  const given = human ?? addNoise(train.labels, drawn, 1000 + seed).given;
  const testGiven = addNoise(test.labels, drawn, 2000 + seed).given;
  const statistics = channelStatistics(train);
  const inputs = modelInputs(train, statistics);
  const cut = train.shape[0] - heldOut;
  const length = inputs.data.length / train.shape[0];
  const part = (start: number, end: number): Labelled => ({
    data: inputs.data.subarray(start * length, end * length),
    shape: [end - start, ...train.shape.slice(1)],
    ...labelled(given.subarray(start, end), train.labels.subarray(start, end)),
  });
  return {
    train: part(0, cut),
    heldOut: part(cut, train.shape[0]),
    test: { ...modelInputs(test, statistics), ...labelled(testGiven, test.labels) },
  };
}

function labelled(labels: Int32Array, clean: Int32Array): Pick<Labelled, 'labels' | 'clean' | 'wrong'> {
  return { labels, clean, wrong: wrongLabels(labels, clean) };
}
