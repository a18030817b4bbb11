import { isRecord } from '@vogjs/base';
import type { RunStorage } from '../storage/storage.js';
import { readVersioned } from '../storage/versioned.js';

export const OOD = 'ood.json';
const VERSION = 1;

/** Rows of the table that are one set: `start` to `end - 1`. */
export interface OodSet {
  readonly name: string;
  /** What the model was made for, or what it was not. */
  readonly side: 'in' | 'out';
  readonly start: number;
  readonly end: number;
}

/** `ood.json`: which rows are of which set, and which columns are scores of a detector. */
export interface OodSets {
  readonly version: 1;
  /** They cover all rows, one after the other: the in-distribution one first. */
  readonly sets: readonly OodSet[];
  /** Names of score columns; the hard end of each is the one that is out-of-distribution. */
  readonly detectors: readonly string[];
}

export async function writeOod(storage: RunStorage, sets: Omit<OodSets, 'version'>): Promise<void> {
  const content: OodSets = { version: VERSION, ...sets };
  await storage.write(OOD, new TextEncoder().encode(JSON.stringify(content, null, 1)));
}

/** @throws VogError RUN_ABSENT for a run of other kinds, RUN_INVALID, RUN_VERSION */
export async function readOod(storage: RunStorage, examples: number): Promise<OodSets> {
  const { value, invalid } = await readVersioned(storage, OOD, { latest: VERSION });
  const { sets, detectors } = value;
  if (!Array.isArray(detectors) || detectors.length === 0 || !detectors.every((name) => typeof name === 'string')) {
    throw invalid('does not list its detectors');
  }
  if (!Array.isArray(sets) || !sets.every(isSet)) throw invalid('does not list its sets');
  let next = 0;
  for (const [at, { start, end, side }] of sets.entries()) {
    if (start !== next || end <= start || (side === 'in') !== (at === 0)) {
      throw invalid(`has sets that do not follow each other, number ${at}`);
    }
    next = end;
  }
  if (next !== examples || sets.length < 2) throw invalid(`has sets of ${next} rows, and run.json says ${examples}`);
  return value as unknown as OodSets;
}

function isSet(value: unknown): value is OodSet {
  if (!isRecord(value)) return false;
  const { name, side, start, end } = value;
  return (
    typeof name === 'string' &&
    (side === 'in' || side === 'out') &&
    Number.isSafeInteger(start) &&
    Number.isSafeInteger(end)
  );
}
