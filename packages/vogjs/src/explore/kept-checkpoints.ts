import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { VogError } from '@vogjs/base';
import { selectBackend } from '@vogjs/core/node';
import type { KeptCheckpoints, KeptExample } from '@vogjs/explorer';
import type { Run } from '@vogjs/run';
import { ModelLoader } from '../score/checkpoints/model-loader.js';
import { findCheckpoints, sourceOfCheckpoint } from '../score/checkpoints/find-checkpoints.js';
import { holdsWeights } from '../score/checkpoints/weights-file.js';
import { type ResolvedConfig, SCORE_OPTIONS } from '../score/config/options.js';
import type { Dataset } from '../score/data/dataset.js';
import { readData } from '../score/prepare.js';
import { isStored } from '../stored.js';

/**
 * The checkpoints that a run of `vogjs score` was scored on, where they are still there; or a sentence that says why not.
 * Data and network are read when a map is asked for. Whoever wrote `run.json` chose the paths in it: without `trust`, only
 * files of the folder in which the explorer was started are read, and no module is run.
 */
export async function keptCheckpoints(run: Run, trust: boolean): Promise<KeptCheckpoints | string> {
  const { config, data, checkpoints } = run.manifest;
  if (config['logits'] !== undefined)
    return 'This run was scored from stored logits: there is no network to differentiate.';
  if (config['data'] === undefined) return 'The run does not say where its data and its checkpoints are.';
  if (data.kind !== 'images') return 'Maps are for pictures.';
  const asked = SCORE_OPTIONS.resolve(config);
  const { checkpoints: pattern, model, layout } = asked;
  if (pattern === undefined) {
    return 'No checkpoint of this run is kept: its network was trained for it and let go. Score saved checkpoints (--checkpoints) to see maps.';
  }
  const stored = [asked.data, asked.labels, model, pattern, ...(asked.corrections ?? [])].find(
    (path) => path !== undefined && isStored(path),
  );
  if (stored !== undefined) return `'${stored}' is in a store, from which the explorer fetches nothing.`;
  if (!trust) {
    const doubtful = doubtOf(asked);
    if (doubtful !== null) return `${doubtful} If you trust the run, start the explorer with --trust.`;
  }
  const found = new Map(findCheckpoints(pattern).paths.map((path) => [sourceOfCheckpoint(path), path]));
  const paths = new Map<number, string>();
  for (const [number, { source }] of checkpoints.entries()) {
    const path = source === undefined ? undefined : found.get(source);
    if (path !== undefined) paths.set(number, path);
  }
  if (paths.size === 0) {
    return `None of the checkpoints '${pattern}' is here. Start the explorer in the folder in which the run was made.`;
  }
  const changed = await changedSince(run.manifest.changed, [
    ...(model === undefined ? [] : [model]),
    ...paths.values(),
  ]);
  if (changed !== null) return `${changed} was written after the run: it is not what was scored.`;
  return opened(run, asked, paths, layout);
}

/** What of a run should not be read or run on its word alone; null where nothing is. */
function doubtOf({ data, labels, corrections, model, checkpoints }: ResolvedConfig): string | null {
  if (model !== undefined && /\.[cm]?[jt]s$/.test(model))
    return `The network of this run is made by a module, ${model}.`;
  const named = [data, labels, model, checkpoints, ...(corrections ?? [])].filter((path) => path !== undefined);
  const far = named.find((path) => {
    const place = relative('.', path);
    // `**` could be the whole disk, braces and brackets may hold a way up, and on Windows another disk has no way there.
    const isHidden = path.includes('**') || (path === checkpoints && /[{([]/.test(path));
    return isHidden || isAbsolute(place) || place === '..' || place.startsWith(`..${sep}`);
  });
  return far === undefined ? null : `This run names '${far}', which is not within this folder.`;
}

function opened(
  run: Run,
  asked: ResolvedConfig,
  paths: ReadonlyMap<number, string>,
  layout: ResolvedConfig['layout'],
): KeptCheckpoints {
  let dataset: Promise<Dataset> | null = null;
  let loader: Promise<ModelLoader> | null = null;
  const load = async (): Promise<ModelLoader> => {
    await selectBackend(asked.backend);
    return ModelLoader.for({ model: asked.model, layout }, [...paths.values()].find(holdsWeights));
  };
  return {
    numbers: [...paths.keys()],
    async open(number) {
      // What fails is tried again when it is asked for again.
      loader ??= load().catch((error: unknown) => {
        loader = null;
        throw error;
      });
      return (await loader).open(paths.get(number) as string);
    },
    async example(row) {
      dataset ??= dataOf(run, asked).catch((error: unknown) => {
        dataset = null;
        throw error;
      });
      return exampleOf(await dataset, row);
    },
    close: () => void loader?.then((each) => each.close()).catch(() => {}),
  };
}

async function dataOf(run: Run, asked: ResolvedConfig): Promise<Dataset> {
  const dataset = await readData(asked);
  if (dataset.fingerprint === run.manifest.data.fingerprint) return dataset;
  throw new VogError('DATA_UNKNOWN', `'${dataset.source}' has changed since the run was made: there is no map of it.`);
}

async function exampleOf({ inputs, labels }: Dataset, row: number): Promise<KeptExample> {
  const read = await inputs.read(row, row + 1);
  const values = Float32Array.from(read as ArrayLike<number>);
  return { values, shape: inputs.shape as readonly number[], label: labels?.[row] ?? null };
}

/** The first of the files, or of those in a folder, that was written after a time. */
async function changedSince(time: string, paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const { mtimeMs } = await stat(path);
    if (mtimeMs > Date.parse(time)) return path;
    // A folder is not newer when a file in it is written over.
    for (const name of holdsWeights(path) ? [] : await readdir(path).catch(() => [])) {
      if ((await stat(join(path, name))).mtimeMs > Date.parse(time)) return path;
    }
  }
  return null;
}
