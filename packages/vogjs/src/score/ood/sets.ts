import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { VogError } from '@vogjs/base';
import { fileStep } from '@vogjs/formats/files';
import { readOtherArrays } from '../data/array-file.js';
import type { Dataset, OtherExamples } from '../data/dataset.js';
import { readOtherPictures } from '../data/image-folder.js';
import { readOtherTable, TABLES } from '../data/table.js';

/** Examples that were not trained on, by the name that they are shown under. */
export interface OodSet extends OtherExamples {
  readonly name: string;
}

/**
 * Sets of the kind that the data is of, each read as the data was.
 *
 * @param paths the in-distribution set first
 * @throws VogError CONFIG_INVALID for a set given twice; INPUT_SHAPE, SAMPLE_TOO_SMALL, DATA_UNKNOWN, and those of readers
 */
export async function readSets(paths: readonly string[], dataset: Dataset): Promise<OodSet[]> {
  const names = namesOf(paths);
  const sets: OodSet[] = [];
  for (const [at, path] of paths.entries()) {
    sets.push({ ...(await readOther(path, dataset)), name: names[at] as string });
  }
  return sets;
}

/** The last parts of the paths, as many as tell them apart: `digits`, or `mnist/test` beside `cifar/test`. */
function namesOf(paths: readonly string[]): string[] {
  const parts = paths.map((path) => {
    const clean = path.replace(/[/\\]+$/, '');
    return clean.slice(0, clean.length - extname(clean).length).split(/[/\\]/);
  });
  const most = Math.max(...parts.map(({ length }) => length));
  for (let count = 1; count <= most; count++) {
    const names = parts.map((each) => each.slice(-count).join('/'));
    if (new Set(names).size === names.length) return names;
  }
  const twice = paths.find((path, at) => paths.indexOf(path) !== at) ?? paths.at(-1);
  throw new VogError('CONFIG_INVALID', `The set '${twice}' is given twice. Give each set once.`);
}

async function readOther(path: string, dataset: Dataset): Promise<OtherExamples> {
  const isFolder = (await fileStep('read', path, () => stat(path))).isDirectory();
  if (isFolder) return readOtherPictures(path, dataset);
  if (path.endsWith('.npy')) return readOtherArrays(path, dataset);
  if (TABLES.includes(extname(path).toLowerCase())) return readOtherTable(path, dataset);
  throw new VogError(
    'DATA_UNKNOWN',
    `What is '${path}'? Give a folder of pictures, a table (${TABLES.join(', ')}) or an .npy file, of the kind of ${dataset.source}.`,
  );
}
