import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@vogjs/core/node';
import { type EpochResult, loadOptimizer, loadWeights, saveOptimizer, saveWeights } from '@vogjs/example-models';
import { UsageError } from '@vogjs/example-shared';
import type { Tracker } from '@vogjs/core';
import type * as tf from '@tensorflow/tfjs';
import type { RunSettings } from './options.js';
import type { ScoredSet } from './sets.js';

/** 1: the tracker had thirds alone. */
export const VERSION = 2;
const RECORD = 'run.json';

/** One epoch that is done. */
export interface EpochRecord extends EpochResult {
  readonly trainingSeconds: number;
  /** 0 for an epoch without a checkpoint. */
  readonly scoringSeconds: number;
}

/** What a run's folder says of it. */
export interface RunRecord {
  readonly version: number;
  readonly settings: RunSettings;
  readonly sets: readonly Pick<ScoredSet, 'key' | 'size' | 'hash'>[];
  /** As many as are done; the files' position. */
  readonly epochs: readonly EpochRecord[];
  /** Epochs done when the tracker was saved last; 0 before its first checkpoint. */
  readonly trackedEpochs: number;
  /** Machine and versions, one line for each process that had a part in it. */
  readonly processes: readonly string[];
}

/** What a run's files hold beside the record. */
export interface RunState {
  readonly model: tf.LayersModel;
  readonly optimizer: tf.MomentumOptimizer;
  readonly tracker: Tracker;
}

/** The record of a folder; null where there is no run yet. */
export async function readRunRecord(folder: string): Promise<RunRecord | null> {
  const text = await readFile(join(folder, RECORD), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  let record: Partial<RunRecord>;
  try {
    record = JSON.parse(text) as Partial<RunRecord>;
  } catch {
    throw new UsageError(`${RECORD} in '${folder}' is damaged. Give --resume another folder.`);
  }
  if (record.version !== VERSION) {
    throw new UsageError(`${RECORD} in '${folder}' is of another version (${record.version}). Give another folder.`);
  }
  return record as RunRecord;
}

/**
 * Saves a run after an epoch, so that a process killed at any moment leaves a run that goes on: files of this epoch
 * first, under names of its own, then the record that points at them, then the files of earlier epochs are removed.
 */
export async function saveRun(
  folder: string,
  record: RunRecord,
  { model, optimizer, tracker }: RunState,
  keepWeights: boolean,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { epochs, trackedEpochs } = record;
  const done = epochs.length;
  await writeFileAtomically(join(folder, fileName('weights', done)), await saveWeights(model));
  await writeFileAtomically(join(folder, fileName('optimizer', done)), await saveOptimizer(optimizer));
  if (trackedEpochs === done) await tracker.save(join(folder, fileName('tracker', done)));
  await writeFileAtomically(join(folder, RECORD), new TextEncoder().encode(JSON.stringify(record, null, 1)));
  const needed = [fileName('optimizer', done), fileName('tracker', trackedEpochs), fileName('weights', done)];
  for (const name of await readdir(folder)) {
    const isOld = /^(?:weights|optimizer|tracker)-\d+\.safetensors/.test(name) && !needed.includes(name);
    const isKept = keepWeights && name.startsWith('weights-') && name.endsWith('.safetensors');
    if (isOld && !isKept) await rm(join(folder, name));
  }
}

/** Puts a run's state back as it was after its last saved epoch. */
export async function restoreRun(folder: string, record: RunRecord, state: RunState): Promise<void> {
  const read = (name: string, epochs: number) => readFile(join(folder, fileName(name, epochs)));
  const done = record.epochs.length;
  loadWeights(state.model, await read('weights', done));
  await loadOptimizer(state.optimizer, await read('optimizer', done));
  if (record.trackedEpochs > 0) await state.tracker.load(join(folder, fileName('tracker', record.trackedEpochs)));
}

function fileName(content: string, epochs: number): string {
  return `${content}-${String(epochs).padStart(4, '0')}.safetensors`;
}
