import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkOptions, integer, text } from '@vogjs/base';
import { VogError } from '@vogjs/core';
import { type ByteSink, replaceFile } from '@vogjs/core/node';
import { layOutSafetensors } from '@vogjs/formats';
import { fileStep } from '@vogjs/formats/files';
import type * as tf from '@tensorflow/tfjs';
import { EpochSaver } from './epoch-saver.js';
import { typeOf } from './tensor-types.js';

/** What `saveCheckpoints` takes. */
export interface SaveCheckpointsOptions {
  /** Where the files go; it is made where it is missing. */
  readonly folder: string;
  /** Epochs from one file to the next; the last epoch has one always. Default 1. */
  readonly every?: number;
}

const CHECKS = { folder: text, every: integer(1) };

/** The callback of `saveCheckpoints`. */
export class CheckpointSaver extends EpochSaver {
  protected readonly every: number;

  constructor(private readonly options: SaveCheckpointsOptions) {
    super('saveCheckpoints', '{ folder }');
    checkOptions('saveCheckpoints', options, CHECKS, ['folder']);
    this.every = options.every ?? 1;
  }

  protected async write(model: tf.LayersModel, epoch: number): Promise<void> {
    const { folder } = this.options;
    await fileStep('written', folder, () => mkdir(folder, { recursive: true }));
    await writeWeights(model, join(folder, `epoch-${String(epoch).padStart(5, '0')}.safetensors`));
  }

  protected begin(model: tf.LayersModel): void {
    namedWeights(model);
  }
}

/**
 * A fit callback that writes the weights after each epoch into a safetensors file of their own, `epoch-00001.safetensors`
 * and so on. Another process may score them meanwhile, `vogjs score --watch`, or afterwards, `--checkpoints`: training
 * pays for the writing alone, and does not wait for the disk. A file is there whole or not at all; a loss of power may
 * cost the last ones.
 *
 * ```ts
 * await model.fit(xs, ys, { epochs: 20, callbacks: [saveCheckpoints({ folder: 'ckpt' })] });
 * ```
 *
 * It has no optimizer: to go on with a training after a crash there is `autosave`.
 *
 * @throws VogError ARGUMENT_INVALID; FILE_FAILED or DISK_FULL reject `fit`
 */
export function saveCheckpoints(options: SaveCheckpointsOptions): CheckpointSaver {
  return new CheckpointSaver(options);
}

/** One tensor is copied at a time: a model's weights may be a large part of the memory. */
async function writeWeights(model: tf.LayersModel, path: string): Promise<void> {
  const tensors = namedWeights(model);
  const named = [...tensors].map(([name, tensor]) => ({ name, shape: tensor.shape, dtype: typeOf(name, tensor) }));
  const { head, entries } = layOutSafetensors(named, {});
  const write = async (sink: ByteSink): Promise<void> => {
    await sink.write(0, head);
    for (const { name, start } of entries) {
      const data = await (tensors.get(name) as tf.Tensor).data();
      await sink.write(start, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
  };
  // The training waits for this: a disk takes longer than all the rest, and no older checkpoint is lost.
  await replaceFile(path, write, { durable: false });
}

/** By the names that a checkpoint is read by. */
function namedWeights(model: tf.LayersModel): Map<string, tf.Tensor> {
  const tensors = new Map<string, tf.Tensor>();
  for (const weight of model.weights) {
    const { originalName: name } = weight;
    if (tensors.has(name)) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `saveCheckpoints: two weights are called '${name}', and a file of weights tells them apart by name. Name the layers.`,
      );
    }
    tensors.set(name, weight.read());
  }
  return tensors;
}
