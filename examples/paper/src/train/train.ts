import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import process from 'node:process';
import type { SelectedBackend } from '@vogjs/core/node';
import {
  augmentedBatches,
  fuseForTraining,
  loadWeights,
  resnet18,
  resnet9,
  sgd,
  trainEpoch,
} from '@vogjs/example-models';
import {
  channelStatistics,
  type ChannelStatistics,
  type ImageSet,
  modelInputs,
  predictedClasses,
  UsageError,
} from '@vogjs/example-shared';
import type * as tf from '@tensorflow/tfjs';
import { readTraining, restoreTraining, saveTraining, type TrainedEpoch, type TrainingRecord } from './folder.js';
import { recipeOf, type TrainingSettings } from './options.js';

/** Images of a training and those that judge it. */
export interface TrainingData {
  readonly train: ImageSet;
  readonly test: ImageSet;
}

/** Weights that a training begins with in place of its seed's, and whose they are. */
export interface Beginning {
  readonly identity: string;
  readonly weights: Uint8Array;
}

/** The network of a training, with its initial weights. */
export function networkOf({ network, width, seed }: TrainingSettings, images: ImageSet): tf.LayersModel {
  const [, height, across, channels] = images.shape;
  const options = { width, seed, classes: images.classNames.length, shape: [height, across, channels] } as const;
  return network === 'resnet-9' ? resnet9(options) : resnet18(options);
}

/**
 * Trains to the end, from where the folder says, and keeps the weights of every epoch there. The epochs' batches depend
 * on seed and epoch alone, so on one backend and machine the weights are those of a training that never stopped.
 *
 * @param onEpoch told of each epoch that this process did
 * @param asked the record has these; with a beginning its identity as `from` besides
 * @param beginning null for the weights that the seed draws
 */
export async function trainInto(
  folder: string,
  { train, test }: TrainingData,
  asked: TrainingSettings,
  backend: Pick<SelectedBackend, 'backend' | 'version'>,
  onEpoch: (epoch: number, record: TrainedEpoch) => void = () => {},
  beginning: Beginning | null = null,
): Promise<TrainingRecord> {
  const settings = beginning === null ? asked : { ...asked, from: beginning.identity };
  const scaling = channelStatistics(train);
  const recipe = recipeOf(settings);
  const model = networkOf(settings, train);
  const optimizer = sgd(recipe);
  const undo = fuseForTraining(model);
  try {
    let record = await startRecord(folder, settings, fingerprint(train));
    if (beginning !== null) loadWeights(model, beginning.weights);
    if (record.epochs.length > 0) await restoreTraining(folder, record, model, optimizer);
    const { epochs, batchSize, seed } = settings;
    if (record.epochs.length < epochs) record = { ...record, processes: [...record.processes, machine(backend)] };
    const steps = Math.ceil(train.shape[0] / batchSize);
    const augmentation = settings.plain === true ? { padding: 0, flips: false } : {};
    for (let epoch = record.epochs.length; epoch < epochs; epoch++) {
      const started = performance.now();
      const before = process.cpuUsage();
      const classes = train.classNames.length;
      const batches = augmentedBatches(train, { scaling, classes, batchSize, seed, epoch, ...augmentation });
      const progress = { from: epoch / epochs, to: (epoch + 1) / epochs, steps };
      const result = await trainEpoch(model, optimizer, batches, recipe, progress);
      const testAccuracy = await accuracyOn(model, test, scaling);
      const { user, system } = process.cpuUsage(before);
      const seconds = (performance.now() - started) / 1000;
      const done = { ...result, testAccuracy, seconds, processorSeconds: (user + system) / 1e6 };
      record = { ...record, epochs: [...record.epochs, done] };
      await saveTraining(folder, record, model, optimizer);
      onEpoch(epoch, done);
    }
    return record;
  } finally {
    undo();
    optimizer.dispose();
    model.dispose();
  }
}

/** Share of images whose largest logit is their class's. Scaled part by part: 10,000 images as floats are 120 MB. */
async function accuracyOn(model: tf.LayersModel, set: ImageSet, scaling: ChannelStatistics): Promise<number> {
  const [size, height, width, channels] = set.shape;
  const length = height * width * channels;
  let right = 0;
  for (let start = 0; start < size; start += 500) {
    const count = Math.min(500, size - start);
    const pixels = set.pixels.subarray(start * length, (start + count) * length);
    const part: ImageSet = { ...set, pixels, shape: [count, height, width, channels] };
    const predicted = await predictedClasses(model, modelInputs(part, scaling));
    for (const [i, label] of predicted.entries()) right += Number(label === set.labels[start + i]);
  }
  return right / size;
}

async function startRecord(folder: string, settings: TrainingSettings, data: string): Promise<TrainingRecord> {
  const saved = await readTraining(folder);
  if (saved === null) return { version: 1, settings, data, epochs: [], processes: [] };
  const [here, there] = [settings, saved.settings].map((each) =>
    JSON.stringify(
      each,
      Object.keys(each).toSorted((a, b) => a.localeCompare(b)),
    ),
  );
  if (here === there && saved.data === data) return saved;
  const difference = here === there ? 'other images' : `settings ${JSON.stringify(saved.settings)}`;
  throw new UsageError(`The training in '${folder}' has ${difference}. Give those, or --out another folder.`);
}

function fingerprint({ pixels, labels }: ImageSet): string {
  return createHash('sha256').update(pixels).update(Uint8Array.from(labels)).digest('hex');
}

function machine({ backend, version }: Pick<SelectedBackend, 'backend' | 'version'>): string {
  const processors = cpus();
  return `${backend} (${version}), Node ${process.version}, ${processors.length} x ${processors[0]?.model ?? 'unknown'}`;
}
