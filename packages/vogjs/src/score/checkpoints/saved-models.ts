import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { stampsOf } from '../data/stamps.js';
import type { Checkpoints } from './checkpoints.js';
import { byNumbers } from './logit-files.js';
import { type Architecture, invalid, ModelLoader } from './model-loader.js';
import { holdsWeights } from './weights-file.js';

export interface SavedModels extends Architecture {
  /** A glob, in quotes: `'ckpt/*'`. */
  readonly pattern: string;
}

/**
 * Saved checkpoints: folders with a model.json, or safetensors and npz files whose weights an architecture takes by
 * their names. All of them are loaded once before the first is scored, so that one that does not fit is met at once.
 *
 * @throws VogError CHECKPOINT_INVALID, WEIGHTS_MISMATCH, FILE_FAILED
 */
export async function savedModels({ pattern, model, layout }: SavedModels): Promise<Checkpoints> {
  const { paths, others } = findCheckpoints(pattern);
  if (paths.length === 0) {
    const what = others === 0 ? 'matches nothing' : 'matches other files, and no checkpoint';
    throw invalid(
      `'${pattern}' ${what}. Checkpoints are folders with a model.json, or .safetensors or .npz files. Put the pattern in quotes`,
    );
  }
  const loader = await ModelLoader.for({ model, layout }, paths.find(holdsWeights));
  for (const path of paths) await loader.check(path);
  const files = model === undefined ? paths : [model, ...paths];
  return {
    count: paths.length,
    files,
    stamps: await stampsOf(files),
    sources: paths.map(sourceOfCheckpoint),
    open: (index) => loader.open(paths[index] as string),
    close: () => loader.close(),
  };
}

/** The checkpoints that a glob matches, in the order of their names with numbers by value, and how many files are none. */
export function findCheckpoints(pattern: string): { readonly paths: string[]; readonly others: number } {
  const found = globSync(pattern, { onlyFiles: false, expandDirectories: false }).map((path) =>
    path.replace(/\/$/, ''),
  );
  const isOne = (path: string): boolean =>
    holdsWeights(path) || path.endsWith('model.json') || existsSync(join(path, 'model.json'));
  const paths = found.filter(isOne).toSorted(byNumbers);
  return { paths, others: found.length - paths.length };
}

/** What a checkpoint is called in a run. */
export function sourceOfCheckpoint(path: string): string {
  return basename(path) === 'model.json' ? path : basename(path);
}
