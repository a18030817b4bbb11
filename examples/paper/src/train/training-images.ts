import { type ImageSet, imagesAt, readHumanLabels, shuffleLabels } from '@vogjs/example-shared';
import { FOLDS, type TrainingSettings } from './options.js';

/** What decides the labels and images of a training. */
export type ImageSettings = Pick<TrainingSettings, 'shuffled' | 'seed' | 'labels' | 'without'>;

/**
 * The images of a training with the labels that it learns.
 *
 * @param data folder of the data set's standard files, null for the usual one
 */
export async function trainingImages(
  images: ImageSet,
  settings: ImageSettings,
  data: string | null,
): Promise<ImageSet> {
  const { without } = settings;
  const labelled = { ...images, labels: await labelsOf(images.labels, settings, data) };
  if (without === undefined) return labelled;
  const kept = [...labelled.labels.keys()].filter((i) => foldOf(i) !== without);
  return imagesAt(labelled, kept);
}

/** The images of one fold, which a training without it has not seen. */
export function foldImages(images: ImageSet, fold: number): ImageSet {
  const places = [...images.labels.keys()].filter((i) => foldOf(i) === fold);
  return imagesAt(images, places);
}

function foldOf(place: number): number {
  return (place % FOLDS) + 1;
}

async function labelsOf(
  clean: Int32Array,
  { shuffled, seed, labels }: ImageSettings,
  data: string | null,
): Promise<Int32Array> {
  if (labels !== undefined) return (await readHumanLabels(labels, clean, data)).given;
  return shuffled === undefined ? clean : shuffleLabels(clean, shuffled, seed).given;
}
