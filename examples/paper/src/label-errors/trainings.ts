import { type CheckpointFolder, openCheckpoints } from '../train/checkpoints.js';
import { readTraining, type TrainingRecord } from '../train/folder.js';
import type { TrainingSettings } from '../train/options.js';
import { foldImages } from '../train/training-images.js';
import {
  firstImages,
  type HumanLabels,
  type HumanLabelSet,
  type ImageSet,
  readHumanLabels,
  readImages,
  UsageError,
} from '@vogjs/example-shared';

/** Two trainings on the same labels: one saw every image, the other has not seen those of a fold. */
export interface Trainings {
  readonly own: CheckpointFolder;
  readonly other: CheckpointFolder;
  readonly settings: TrainingSettings;
  readonly set: HumanLabelSet;
  /** Share of the test images that each gets right at its end. */
  readonly testAccuracy: { readonly own: number; readonly other: number };
  /** The images of the fold, with the labels that the trainings were given. */
  readonly images: ImageSet;
  /** 1 where that label is wrong. */
  readonly wrong: Uint8Array;
}

/** @param data folder of the standard files, null for the usual one */
export async function openTrainings(own: string, other: string, data: string | null): Promise<Trainings> {
  const [mine, theirs] = [await recordOf(own, '--run'), await recordOf(other, '--without')];
  const { settings } = mine;
  const { labels: set, examples } = settings;
  if (set === undefined || settings.without !== undefined) {
    throw new UsageError(`--run '${own}' is no training of all images on people's labels: train one with --labels.`);
  }
  const { without: fold, ...rest } = theirs.settings;
  if (fold === undefined) {
    throw new UsageError(`--without '${other}' has seen every image: train one with --labels ${set} --without 1.`);
  }
  const differs = Object.keys({ ...rest, ...settings }).find(
    (key) => rest[key as keyof typeof rest] !== settings[key as keyof typeof rest],
  );
  if (differs !== undefined) {
    throw new UsageError(`The two trainings differ in ${differs}: give --without one that differs in its fold alone.`);
  }
  const { images, wrong } = await foldOf(set, examples, fold, data);
  const testAccuracy = { own: lastAccuracy(mine), other: lastAccuracy(theirs) };
  return {
    own: await openCheckpoints(own, data),
    other: await openCheckpoints(other, data),
    settings,
    set,
    testAccuracy,
    images,
    wrong,
  };
}

async function recordOf(folder: string, option: string): Promise<TrainingRecord> {
  const record = await readTraining(folder);
  if (record === null) throw new UsageError(`${option} '${folder}' holds no training.`);
  return record;
}

async function foldOf(
  set: HumanLabelSet,
  examples: number,
  fold: number,
  data: string | null,
): Promise<Pick<Trainings, 'images' | 'wrong'>> {
  const all = firstImages(await readImages('cifar10', { part: 'train', count: examples, folder: data }), examples);
  const { given, wrong }: HumanLabels = await readHumanLabels(set, all.labels, data);
  const flags = foldImages({ ...all, labels: Int32Array.from(wrong) }, fold).labels;
  return { images: foldImages({ ...all, labels: given }, fold), wrong: Uint8Array.from(flags) };
}

function lastAccuracy({ epochs }: TrainingRecord): number {
  return epochs.at(-1)?.testAccuracy ?? Number.NaN;
}
