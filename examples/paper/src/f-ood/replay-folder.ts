import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tracker } from '@vogjs/core';
import { writeFileAtomically } from '@vogjs/core/node';
import { UsageError } from '@vogjs/example-shared';

const RECORD = 'replay.json';

/** What a replay is of: its checkpoints, its images, what is differentiated. */
export type ReplayIdentity = Readonly<Record<string, string>>;

interface ReplayRecord {
  readonly identity: ReplayIdentity;
  /** Checkpoints whose scores are saved. */
  readonly done: number;
}

const trackerFile = (done: number): string => `replay-${String(done).padStart(4, '0')}.safetensors`;

/** Gives the tracker the scores of a replay that began in this folder; how many checkpoints they are of. */
export async function restoreReplay(folder: string, identity: ReplayIdentity, tracker: Tracker): Promise<number> {
  const text = await readFile(join(folder, RECORD), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return 0;
  const record = JSON.parse(text) as ReplayRecord;
  const other = Object.keys(identity).find((key) => identity[key] !== record.identity[key]);
  if (other !== undefined) {
    throw new UsageError(
      `The folder of --resume has the scores of another run: its ${other} is ${record.identity[other] ?? 'not said'}, not ${identity[other]}. ` +
        'Give the same options, or another folder.',
    );
  }
  await tracker.load(join(folder, trackerFile(record.done)));
  return record.done;
}

/** Saves the scores after a checkpoint: the file first, then the record that points at it, then the old one goes. */
export async function saveReplay(
  folder: string,
  identity: ReplayIdentity,
  done: number,
  tracker: Tracker,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await tracker.save(join(folder, trackerFile(done)));
  const record: ReplayRecord = { identity, done };
  await writeFileAtomically(join(folder, RECORD), new TextEncoder().encode(JSON.stringify(record, null, 1)));
  for (const name of await readdir(folder)) {
    if (/^replay-\d+\.safetensors$/.test(name) && name !== trackerFile(done)) await rm(join(folder, name));
  }
}
