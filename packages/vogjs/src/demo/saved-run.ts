import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type GivenParts, readSavedTraining } from '@vogjs/callback/node';
import { VogError } from '@vogjs/base';
import { UsageError } from '../usage-error.js';
import type { DemoOptions } from './options.js';

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

/** What the demo saves beside model, optimizer and tracker. */
export interface RunNotes {
  readonly identity: RunIdentity;
  readonly epochs: readonly EpochRecord[];
}

/** The file that holds everything an interrupted run needs. */
export function savedRunPath(out: string): string {
  return join(out, 'state.safetensors');
}

/** A run read back, before it is put into a model. */
export interface SavedRun extends RunNotes {
  /** Puts weights, optimizer and tracker back. */
  restore(parts: GivenParts): Promise<void>;
}

/**
 * Reads the saved run in `out`.
 *
 * @throws UsageError when there is none; VogError STATE_INVALID and kin when it is damaged or not the demo's
 */
export async function readSavedRun(out: string): Promise<SavedRun> {
  const path = savedRunPath(out);
  const saved = await readSavedTraining(path);
  if (saved === null)
    throw new UsageError(`There is no interrupted run in '${out}' to resume. Start one without --resume.`);
  if (!isNotes(saved.extra) || saved.extra.epochs.length !== saved.epoch)
    throw new VogError('STATE_INVALID', `${path} is not a saved run of this demo. Remove it and start anew.`);
  return { ...saved.extra, restore: (parts) => saved.restore(parts) };
}

/** Removes the saved run once its results are written. */
export async function removeSavedRun(out: string): Promise<void> {
  await rm(savedRunPath(out), { force: true });
}

function isNotes(value: unknown): value is RunNotes {
  const { identity, epochs } = (value ?? {}) as Partial<Record<keyof RunNotes, unknown>>;
  const { backend, ...numbers } = (identity ?? {}) as Record<string, unknown>;
  const named = ['epochs', 'examples', 'noise', 'seed'].every((name) => Number.isFinite(numbers[name]));
  const isEpoch = (record: Record<string, unknown> | null): boolean =>
    ['epoch', 'loss', 'accuracy', 'seconds'].every((name) => typeof record?.[name] === 'number');
  return named && typeof backend === 'string' && Array.isArray(epochs) && epochs.every(isEpoch);
}
