import {
  channelStatistics,
  firstImages,
  type ModelInputs,
  modelInputs,
  readHumanLabels,
  readImages,
  wrongLabels,
} from '@vogjs/example-shared';

/** Images and labels to train with; tests are always by the clean labels. */
export const SETS = ['fashion-mnist', 'cifar10', 'cifar10-aggre', 'cifar10-worse'] as const;
export type SetName = (typeof SETS)[number];

/** One training set with its test set. */
export interface TrainingData {
  readonly train: ModelInputs;
  readonly test: ModelInputs;
  /** 1 where the training label is wrong, `[N]`. */
  readonly wrong: Uint8Array;
  readonly classes: number;
}

/** Reads the first images of a set. */
export async function readTrainingData(
  set: SetName,
  { examples, test, data }: { readonly examples: number; readonly test: number; readonly data: string | null },
): Promise<TrainingData> {
  const [name, human] = set === 'fashion-mnist' ? [set, null] : (['cifar10', humanLabelSet(set)] as const);
  const train = firstImages(await readImages(name, { part: 'train', count: examples, folder: data }), examples);
  const tested = firstImages(await readImages(name, { part: 'test', count: test, folder: data }), test);
  const labels = human === null ? train.labels : (await readHumanLabels(human, train.labels, data)).given;
  const statistics = channelStatistics(train);
  return {
    train: { ...modelInputs(train, statistics), labels },
    test: modelInputs(tested, statistics),
    wrong: wrongLabels(labels, train.labels),
    classes: train.classNames.length,
  };
}

function humanLabelSet(set: Exclude<SetName, 'fashion-mnist'>): 'aggre' | 'worse' | null {
  if (set === 'cifar10') return null;
  return set === 'cifar10-aggre' ? 'aggre' : 'worse';
}
