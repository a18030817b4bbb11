import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { COMMON_OPTIONS, folder, type Program, UsageError, writeResults } from '@vogjs/example-shared';
import { readTraining, type TrainingRecord } from '../train/folder.js';
import { trainingsMarkdown } from './tables.js';

export const trainings: Program = {
  name: 'trainings',
  description: 'What the trainings in a folder of folders came to: accuracy by epoch, minutes, machines',
  options: [
    ['--runs <folder>', 'Folder whose folders are trainings, as `train --out` leaves them (required)'],
    ...COMMON_OPTIONS.filter(([flags]) => flags.startsWith('--out')),
  ],
  run: async (typed) => {
    const runs = folder(typed, 'runs');
    if (runs === null) throw new UsageError('--runs is missing: the folder whose folders are trainings.');
    const records = await readTrainings(runs);
    const markdown = trainingsMarkdown(records);
    console.log(markdown);
    await writeResults({ out: folder(typed, 'out') }, { 'trainings.md': `${markdown}\n` });
  },
};

/** Trainings of a folder by name; folders that hold none are passed over. */
async function readTrainings(runs: string): Promise<[name: string, TrainingRecord][]> {
  const entries = await readdir(runs, { withFileTypes: true }).catch(() => {
    throw new UsageError(`--runs '${runs}' is no folder that can be read.`);
  });
  const records: [string, TrainingRecord][] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const record = await readTraining(join(runs, name));
    if (record !== null && record.epochs.length > 0) records.push([name, record]);
  }
  if (records.length === 0) {
    throw new UsageError(`--runs '${runs}' holds no training with an epoch done. Train one with train --out.`);
  }
  return records.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
