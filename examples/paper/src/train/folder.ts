import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@vogjs/core/node';
import { type EpochResult, loadOptimizer, loadWeights, saveOptimizer, saveWeights } from '@vogjs/example-models';
import { UsageError } from '@vogjs/example-shared';
import type * as tf from '@tensorflow/tfjs';
import type { TrainingSettings } from './options.js';

const VERSION = 1;
const RECORD = 'training.json';

/** One epoch that is done. */
export interface TrainedEpoch extends EpochResult {
  /** Share of the test images that the weights after this epoch get right. */
  readonly testAccuracy: number;
  /** By the clock: pauses and other work count. */
  readonly seconds: number;
  /** Of all threads of the process; epochs of the first trainings have none. */
  readonly processorSeconds?: number;
}

/** What a training's folder says of it; `epochs` is as long as there are checkpoints. */
export interface TrainingRecord {
  readonly version: number;
  readonly settings: TrainingSettings;
  /** Of pixels and labels, so that a training never goes on with other images. */
  readonly data: string;
  readonly epochs: readonly TrainedEpoch[];
  /** Backend, versions and machine, one line for each process that had a part in it. */
  readonly processes: readonly string[];
}

/** The record of a folder; null where there is none yet. */
export async function readTraining(folder: string): Promise<TrainingRecord | null> {
  const text = await readFile(join(folder, RECORD), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  let record: Partial<TrainingRecord>;
  try {
    record = JSON.parse(text) as Partial<TrainingRecord>;
  } catch {
    throw new UsageError(`${RECORD} in '${folder}' is damaged. Give --out another folder.`);
  }
  if (record.version === VERSION) return record as TrainingRecord;
  throw new UsageError(`${RECORD} in '${folder}' is of version ${record.version}. Give --out another folder.`);
}

/**
 * Saves a training after an epoch: first the files of this epoch, then the record that counts them, then the earlier
 * optimiser is removed. A process killed at any moment leaves a training that goes on from its last whole epoch.
 */
export async function saveTraining(
  folder: string,
  record: TrainingRecord,
  model: tf.LayersModel,
  optimizer: tf.MomentumOptimizer,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const done = record.epochs.length;
  await writeFileAtomically(join(folder, weightsFile(done)), await saveWeights(model));
  await writeFileAtomically(join(folder, optimizerFile(done)), await saveOptimizer(optimizer));
  await writeFileAtomically(join(folder, RECORD), new TextEncoder().encode(JSON.stringify(record, null, 1)));
  for (const name of await readdir(folder)) {
    if (name.startsWith('optimizer-') && name !== optimizerFile(done)) await rm(join(folder, name));
  }
}

/** Puts model and optimiser back as they were after the last saved epoch. */
export async function restoreTraining(
  folder: string,
  record: TrainingRecord,
  model: tf.LayersModel,
  optimizer: tf.MomentumOptimizer,
): Promise<void> {
  const done = record.epochs.length;
  loadWeights(model, await readFile(join(folder, weightsFile(done))));
  await loadOptimizer(optimizer, await readFile(join(folder, optimizerFile(done))));
}

/** Name of the weights after so many epochs. */
export function weightsFile(epochs: number): string {
  return `weights-${String(epochs).padStart(4, '0')}.safetensors`;
}

function optimizerFile(epochs: number): string {
  return `optimizer-${String(epochs).padStart(4, '0')}.safetensors`;
}
