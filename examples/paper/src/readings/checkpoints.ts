import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { loadNamedWeights } from '@vogjs/core';
import { type ChannelStatistics, type DatasetName, UsageError } from '@vogjs/example-shared';
import { readSafetensors, type SafetensorsTensor } from '@vogjs/formats';
import type * as tf from '@tensorflow/tfjs';
import { torchResnet9 } from './torch-resnet9.js';

/** The checkpoints of one training, in order, and what it takes to score with them. */
export interface CheckpointFolder {
  /** What the network is, for a table's heading. */
  readonly title: string;
  readonly dataset: DatasetName;
  /** As the training images were scaled, in units of 0 to 1. */
  readonly scaling: ChannelStatistics;
  readonly model: tf.LayersModel;
  /** Names of the files, earliest first. */
  readonly names: readonly string[];
  /** Gives the model the weights of a checkpoint. */
  load(index: number): Promise<void>;
}

const TORCH_FILE = /^epoch-(\d+)\.safetensors$/;

/** The values by which the PyTorch run scaled its images; its README gives them in units of 255. */
const TORCH_SCALING: ChannelStatistics = {
  mean: [125.3, 123.0, 113.9].map((value) => value / 255),
  std: [63.0, 62.1, 66.7].map((value) => value / 255),
};

/**
 * Opens a folder of checkpoints; the caller disposes its model.
 *
 * @throws UsageError where there are no checkpoints that can be read
 */
export async function openCheckpoints(folder: string): Promise<CheckpointFolder> {
  const names = await readdir(folder).catch(() => {
    throw new UsageError(`--run '${folder}': there is no such folder.`);
  });
  const torch = names.filter((name) => TORCH_FILE.test(name)).toSorted();
  if (torch.length > 0) return openTorchRun(folder, torch);
  throw new UsageError(
    `--run '${folder}' holds no checkpoints: expected epoch-01.safetensors, epoch-02.safetensors, … with the weights ` +
      'of a ResNet-9 by their PyTorch names.',
  );
}

async function openTorchRun(folder: string, names: readonly string[]): Promise<CheckpointFolder> {
  const read = async (name: string) => readSafetensors(await readFile(join(folder, name))).tensors;
  const first = await read(names[0] as string);
  const width = sizeOf(first['prep.conv.weight']);
  const classes = sizeOf(first['fc.weight']);
  if (width === undefined || classes === undefined) {
    throw new UsageError(
      `--run '${folder}': ${names[0]} has no prep.conv.weight and fc.weight. It is no ResNet-9 as network.py has it.`,
    );
  }
  const model = torchResnet9({ width, classes });
  return {
    title: `${basename(folder)}: ResNet-9 of width ${width}, trained in PyTorch`,
    dataset: 'cifar10',
    scaling: TORCH_SCALING,
    model,
    names,
    load: async (index) => {
      loadNamedWeights(model, await read(names[index] as string), { layout: 'torch' });
    },
  };
}

/** The number of outputs of a layer. */
function sizeOf(weight: SafetensorsTensor | undefined): number | undefined {
  return weight?.shape[0];
}
