import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { loadNamedWeights } from '@vogjs/core/weights';
import { loadWeights, resnet9 } from '@vogjs/example-models';
import {
  channelStatistics,
  type ChannelStatistics,
  type DatasetName,
  firstImages,
  readImages,
  UsageError,
} from '@vogjs/example-shared';
import { readSafetensors } from '@vogjs/formats';
import type * as tf from '@tensorflow/tfjs';
import { readTraining, type TrainingRecord, weightsFile } from './folder.js';
import type { TrainingSettings } from './options.js';
import { networkOf } from './train.js';
import { trainingImages } from './training-images.js';

/** The checkpoints of one training, in order, and what it takes to score with them. */
export interface CheckpointFolder {
  /** What the network is, for a table's heading. */
  readonly title: string;
  readonly dataset: DatasetName;
  readonly network: TrainingSettings['network'];
  /** Channels of the first convolution. */
  readonly width: number;
  /** As the training images were scaled, in units of 0 to 1. */
  readonly scaling: ChannelStatistics;
  readonly model: tf.LayersModel;
  readonly count: number;
  /** Of the weights of all checkpoints. */
  readonly hash: string;
  /** Gives the model the weights of a checkpoint, counted from 0. */
  load(index: number): Promise<void>;
}

const TORCH_FILE = /^epoch-\d+\.safetensors$/;

/** The values by which the PyTorch run scaled its images; its README gives them in units of 255. */
const TORCH_SCALING: ChannelStatistics = {
  mean: [125.3, 123.0, 113.9].map((value) => value / 255),
  std: [63.0, 62.1, 66.7].map((value) => value / 255),
};

/**
 * Opens a folder of checkpoints: of a training of this program, or a ResNet-9 of PyTorch's. The caller disposes its model.
 *
 * @param data folder of the data set's standard files, null for the usual one
 * @param option how the folder was given, for messages
 * @throws UsageError where there are no checkpoints that can be read, or a training still goes on
 */
export async function openCheckpoints(
  folder: string,
  data: string | null,
  option = '--run',
): Promise<CheckpointFolder> {
  const names = await readdir(folder).catch(() => {
    throw new UsageError(`${option} '${folder}': there is no such folder.`);
  });
  const training = await readTraining(folder);
  if (training !== null) return openTraining(folder, training, data, option);
  const torch = names.filter((name) => TORCH_FILE.test(name)).toSorted();
  if (torch.length > 0) return openTorchRun(folder, torch, option);
  throw new UsageError(
    `${option} '${folder}' holds no checkpoints: expected the folder of a training, with training.json, or ` +
      'epoch-01.safetensors, epoch-02.safetensors, … with the weights of a ResNet-9 by their PyTorch names.',
  );
}

async function openTorchRun(folder: string, names: readonly string[], option: string): Promise<CheckpointFolder> {
  const files = await readAll(folder, names);
  const { 'prep.conv.weight': first, 'fc.weight': last } = readSafetensors(files[0] as Buffer).tensors;
  if (first === undefined || last === undefined) {
    throw new UsageError(
      `${option} '${folder}': ${names[0]} has no prep.conv.weight and fc.weight. It is no ResNet-9.`,
    );
  }
  const [width = 0, classes = 0] = [first.shape[0], last.shape[0]];
  const model = resnet9({ width, classes });
  return {
    title: `${basename(folder)}: ResNet-9 of width ${width}, trained in PyTorch`,
    dataset: 'cifar10',
    network: 'resnet-9',
    width,
    scaling: TORCH_SCALING,
    model,
    count: names.length,
    hash: hashOf(files),
    load: async (index) => {
      loadNamedWeights(model, readSafetensors(files[index] as Buffer).tensors, { layout: 'torch' });
    },
  };
}

async function openTraining(
  folder: string,
  { settings, epochs }: TrainingRecord,
  data: string | null,
  option: string,
): Promise<CheckpointFolder> {
  const { dataset, examples, network, width, seed } = settings;
  if (epochs.length < settings.epochs) {
    throw new UsageError(
      `${option} '${folder}' is at epoch ${epochs.length} of ${settings.epochs}: train it to its end.`,
    );
  }
  const names = epochs.map((_, i) => weightsFile(i + 1));
  const files = await readAll(folder, names);
  const all = await readImages(dataset, { part: 'train', count: examples, folder: data });
  const train = await trainingImages(firstImages(all, examples), settings, data);
  const model = networkOf(settings, train);
  return {
    title: `${basename(folder)}: ${network} of width ${width}, seed ${seed}, on ${examples} images of ${dataset}`,
    dataset,
    network,
    width,
    scaling: channelStatistics(train),
    model,
    count: names.length,
    hash: hashOf(files),
    load: async (index) => loadWeights(model, files[index] as Buffer),
  };
}

function readAll(folder: string, names: readonly string[]): Promise<Buffer[]> {
  return Promise.all(names.map((name) => readFile(join(folder, name))));
}

function hashOf(files: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file);
  return hash.digest('hex');
}
