import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readSafetensors, type SafetensorsInput, VogError, writeSafetensors } from '@vogjs/base';
import type { Tracker } from '@vogjs/core';
import { writeFileAtomically } from '@vogjs/core/node';
import * as tf from '@tensorflow/tfjs';
import { UsageError } from '../usage-error.js';
import type { DemoOptions } from './options.js';

const METADATA_KEY = 'vogjs.demo';
const FORMAT_VERSION = 1;

/** One epoch's line in the terminal and in run.json. */
export interface EpochRecord {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  /** Mean VoG over all examples; null before the second checkpoint. */
  readonly vogMean: number | null;
  readonly seconds: number;
}

/** Options that a resumed run must share with the one it continues. */
export type RunIdentity = Pick<DemoOptions, 'epochs' | 'examples' | 'noise' | 'seed'> & { readonly backend: string };

interface Header {
  readonly version: number;
  readonly identity: RunIdentity;
  readonly epochs: readonly EpochRecord[];
}

/** The file that holds everything an interrupted run needs. */
export function savedRunPath(out: string): string {
  return join(out, 'state.safetensors');
}

/** Writes model, optimizer and tracker as one file, atomically: they are of the same epoch or not there at all. */
export async function saveRun(
  out: string,
  model: tf.LayersModel,
  tracker: Tracker,
  identity: RunIdentity,
  epochs: readonly EpochRecord[],
): Promise<void> {
  const tensors: Record<string, SafetensorsInput> = { tracker: bytesInput(await tracker.serialise()) };
  for (const [i, weight] of model.getWeights().entries()) tensors[`weight/${i}`] = await tensorInput(weight);
  for (const [i, { tensor }] of (await model.optimizer.getWeights()).entries())
    tensors[`optimizer/${i}`] = await tensorInput(tensor);
  const header: Header = { version: FORMAT_VERSION, identity, epochs };
  await mkdir(out, { recursive: true });
  await writeFileAtomically(savedRunPath(out), writeSafetensors(tensors, { [METADATA_KEY]: JSON.stringify(header) }));
}

/** A run read back, before it is put into a model. */
export interface SavedRun {
  readonly identity: RunIdentity;
  readonly epochs: readonly EpochRecord[];
  /** Puts weights, optimizer and tracker back. */
  restore(model: tf.LayersModel, tracker: Tracker): Promise<void>;
}

/** Reads the saved run in `out`. */
export async function readSavedRun(out: string): Promise<SavedRun> {
  const path = savedRunPath(out);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new UsageError(`There is no interrupted run in '${out}' to resume. Start one without --resume.`);
    throw error;
  });
  const { tensors, metadata } = readSafetensors(Uint8Array.from(bytes));
  const text = metadata[METADATA_KEY];
  if (text === undefined)
    throw new VogError('STATE_INVALID', `${path} is not a saved run of this demo. Remove it and start anew.`);
  const header = JSON.parse(text) as Header;
  if (header.version !== FORMAT_VERSION) {
    throw new VogError(
      'STATE_VERSION',
      `${path} has layout version ${header.version}; this version reads ${FORMAT_VERSION}. Start the run anew.`,
    );
  }
  const numbered = (prefix: string): tf.Tensor[] =>
    Object.keys(tensors)
      .filter((name) => name.startsWith(prefix))
      .toSorted((a, b) => Number(a.slice(prefix.length)) - Number(b.slice(prefix.length)))
      .map((name) =>
        tf.tensor(Float32Array.from(tensors[name]?.data as Float32Array), tensors[name]?.shape ?? [], 'float32'),
      );
  return {
    identity: header.identity,
    epochs: header.epochs,
    async restore(model, tracker) {
      const weights = numbered('weight/');
      const accumulators = numbered('optimizer/');
      model.setWeights(weights);
      // The optimizer keeps what it is given here; the model copies.
      await model.optimizer.setWeights(accumulators.map((tensor, i) => ({ name: String(i), tensor })));
      tf.dispose(weights);
      await tracker.load(tensors['tracker']?.data as Uint8Array);
    },
  };
}

/** Removes the saved run once its results are written. */
export async function removeSavedRun(out: string): Promise<void> {
  await rm(savedRunPath(out), { force: true });
}

function bytesInput(data: Uint8Array): SafetensorsInput {
  return { data, shape: [data.length] };
}

async function tensorInput(tensor: tf.Tensor): Promise<SafetensorsInput> {
  return { data: (await tensor.data()) as Float32Array, shape: tensor.shape };
}
