import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import process from 'node:process';
import { createTracker, type Tracker } from '@vogjs/core';
import type { SelectedBackend } from '@vogjs/core/node';
import { augmentedBatches, type Scaling, sgd, trainEpoch } from '@vogjs/example-models';
import {
  asPublished,
  channelStatistics,
  firstImages,
  type ImageSet,
  readImages,
  UsageError,
} from '@vogjs/example-shared';
import { vogOodMetrics } from '@vogjs/ood';
import type * as tf from '@tensorflow/tfjs';
import { buildModel } from './architecture.js';
import { checkpointEpochs, type FOodOptions, type RunSettings, recipeOf } from './options.js';
import { probeOf, type SetsProbe } from './probe.js';
import { type EpochRecord, readRunRecord, restoreRun, type RunRecord, saveRun, VERSION } from './run-folder.js';
import { readSets, type Sets } from './sets.js';
import { windowsOf } from './windows.js';

/** A run with its data, as far as it has come. */
export interface Run {
  readonly settings: RunSettings;
  readonly train: ImageSet;
  readonly sets: Sets;
  readonly scaling: Scaling;
  readonly probe: SetsProbe;
  readonly model: tf.LayersModel;
  readonly tracker: Tracker;
  readonly record: RunRecord;
}

/** Reads training images and sets. */
export async function readRunData(options: FOodOptions): Promise<{ train: ImageSet; sets: Sets }> {
  const { examples, data } = options;
  const train = await readImages('cifar10', { part: 'train', count: examples, folder: data });
  return { train: firstImages(train, Math.min(examples, train.shape[0])), sets: await readSets(options) };
}

/**
 * Trains a run to its end, or from where its folder says to its end, and gives it with the final weights and the
 * tracker's scores of all sets. The caller disposes model and tracker.
 *
 * @param onEpoch told of each epoch that this process did
 */
export async function trainRun(
  { train, sets }: { readonly train: ImageSet; readonly sets: Sets },
  options: FOodOptions,
  backend: Pick<SelectedBackend, 'backend' | 'version'>,
  onEpoch: (epoch: number, record: EpochRecord) => void = () => {},
): Promise<Run> {
  const settings = settingsOf(options);
  const scaling = channelStatistics(train);
  const all = [sets.inside, ...sets.outside];
  const images = [trainingIdentity(train), ...all.map(identity)];
  const probe = probeOf(all, scaling);
  const model = buildModel(settings);
  const recipe = recipeOf(settings);
  const optimizer = sgd(recipe);
  const { epochs } = settings;
  const tracker = createTracker({
    inputs: probe.inputs,
    metrics: vogOodMetrics({ activation: settings.activation }).map(asPublished),
    windows: windowsOf(settings),
    total: { epochs },
  });
  const saved = options.resume === null ? null : await readRunRecord(options.resume);
  let record: RunRecord = saved ?? {
    version: VERSION,
    settings,
    sets: images,
    epochs: [],
    trackedEpochs: 0,
    processes: [],
  };
  if (saved !== null) refuseOtherImages(saved, images);
  if (saved !== null && options.resume !== null) await restoreRun(options.resume, saved, { model, optimizer, tracker });
  if (record.epochs.length < epochs) record = { ...record, processes: [...record.processes, processLine(backend)] };

  const due = checkpointEpochs(settings);
  const steps = Math.ceil(train.shape[0] / recipe.batchSize);
  for (let epoch = record.epochs.length; epoch < epochs; epoch++) {
    const started = performance.now();
    const batches = augmentedBatches(train, {
      scaling,
      classes: train.classNames.length,
      batchSize: recipe.batchSize,
      seed: settings.seed,
      epoch,
    });
    const progress = { from: epoch / epochs, to: (epoch + 1) / epochs, steps };
    const result = await trainEpoch(model, optimizer, batches, recipe, progress);
    const trained = performance.now();
    if (due.has(epoch)) await tracker.checkpoint(model, { epoch, step: (epoch + 1) * steps });
    const done: EpochRecord = {
      ...result,
      trainingSeconds: (trained - started) / 1000,
      scoringSeconds: due.has(epoch) ? (performance.now() - trained) / 1000 : 0,
    };
    record = {
      ...record,
      epochs: [...record.epochs, done],
      trackedEpochs: due.has(epoch) ? epoch + 1 : record.trackedEpochs,
    };
    if (options.resume !== null)
      await saveRun(options.resume, record, { model, optimizer, tracker }, options.keepWeights);
    onEpoch(epoch, done);
  }
  optimizer.dispose();
  return { settings, train, sets, scaling, probe, model, tracker, record };
}

export function settingsOf(options: FOodOptions): RunSettings {
  const {
    model,
    depth,
    width,
    epochs,
    batchSize,
    learningRate,
    schedule,
    checkpoints,
    examples,
    test,
    outExamples,
    seed,
    activation,
  } = options;
  return {
    model,
    depth,
    width,
    epochs,
    batchSize,
    learningRate,
    schedule,
    checkpoints,
    examples,
    test,
    outExamples,
    seed,
    activation,
  };
}

export function identity({ key, size, hash }: Sets['inside']): RunRecord['sets'][number] {
  return { key, size, hash };
}

function trainingIdentity({ pixels, labels }: ImageSet): RunRecord['sets'][number] {
  const hash = createHash('sha256').update(pixels).update(Uint8Array.from(labels)).digest('hex');
  return { key: 'training', size: labels.length, hash };
}

function refuseOtherImages({ sets }: RunRecord, here: RunRecord['sets']): void {
  const describe = (list: RunRecord['sets']) =>
    list.map(({ key, size, hash }) => `${key} ${size} ${hash.slice(0, 8)}`).join(', ');
  if (describe(sets) === describe(here)) return;
  throw new UsageError(
    `The run of --resume tracks other images. Saved: ${describe(sets)}. Here: ${describe(here)}. ` +
      'Give the folders of sets as when it began.',
  );
}

export function processLine({ backend, version }: Pick<SelectedBackend, 'backend' | 'version'>): string {
  const processors = cpus();
  return `${backend} (${version}), Node ${process.version}, ${processors.length} x ${processors[0]?.model ?? 'unknown'}`;
}
