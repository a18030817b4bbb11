import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { GLOB_RULES } from '../fetched/glob.js';
import { byNumbers } from './logit-files.js';
import { holdsWeights } from './weights-file.js';

interface Found {
  readonly paths: string[];
  readonly others: string[];
}

/** The checkpoints that a glob matches, in the order of their names with numbers by value, and the files that are none. */
export function findCheckpoints(pattern: string): Found {
  const found = globSync(pattern, GLOB_RULES).map((path) => path.replace(/\/$/, ''));
  return checkpointsAmong(found, (path) => existsSync(join(path, 'model.json')));
}

/** What of that which a glob matched is a checkpoint. */
export function checkpointsAmong(found: readonly string[], hasModel: (folder: string) => boolean): Found {
  const isOne = (path: string): boolean => holdsWeights(path) || path.endsWith('model.json') || hasModel(path);
  return { paths: found.filter(isOne).toSorted(byNumbers), others: found.filter((path) => !isOne(path)) };
}

/** What a checkpoint is called in a run. */
export function sourceOfCheckpoint(path: string): string {
  return basename(path) === 'model.json' ? path : basename(path);
}
