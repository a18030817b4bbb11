import { fileStep } from '@vogjs/formats/files';
import type { NewsStream } from '../fetched/fetch-news.js';
import { hashOf, namedContent, whenChanged } from '../data/content.js';
import { stampsOf } from '../data/stamps.js';
import { checkpointPlace } from './checkpoint-place.js';
import type { Checkpoints } from './checkpoints.js';
import type { FoundCheckpoint } from './found.js';
import { type Architecture, ModelLoader } from './model-loader.js';
import { noCheckpoint } from './no-checkpoint.js';
import { holdsWeights } from './weights-file.js';

export interface SavedModels extends Architecture {
  /** A glob, in quotes: `'ckpt/*'`, or `'s3://bucket/ckpt/*'`. */
  readonly pattern: string;
  /** Where it is told how far a long fetch is. */
  readonly news?: NewsStream | null;
}

/**
 * Saved checkpoints: folders with a model.json, or safetensors and npz files whose weights an architecture takes by
 * their names. All of them are loaded once before the first is scored, so that one that does not fit is met at once.
 *
 * @throws VogError CHECKPOINT_INVALID, WEIGHTS_MISMATCH, FILE_FAILED
 */
export async function savedModels({ pattern, model, layout, news = null }: SavedModels): Promise<Checkpoints> {
  const { found, others } = await (await checkpointPlace(pattern, news)).find();
  const [first] = found;
  if (first === undefined) throw noCheckpoint(pattern, others);
  const loader = await ModelLoader.for({ model, layout }, found.map(({ path }) => path).find(holdsWeights));
  for (const each of found) await each.use((path) => loader.check(path, each.path));
  return {
    count: found.length,
    sources: found.map(({ source }) => source),
    stamps: await stampsOfAll(found, model),
    content: whenChanged(
      () => fileStep('read', first.path, () => stampsOfAll(found, model)),
      () => contentOfAll(found, model),
    ),
    open: (index) => (found[index] as FoundCheckpoint).use((path) => loader.open(path)),
    close: () => loader.close(),
  };
}

/** Of the architecture too, where it is a file of its own. */
async function stampsOfAll(found: readonly FoundCheckpoint[], model: string | undefined): Promise<string[]> {
  const stamps = model === undefined ? [] : await stampsOf([model]);
  for (const each of found) stamps.push(...(await each.stamps()));
  return stamps;
}

async function contentOfAll(found: readonly FoundCheckpoint[], model: string | undefined): Promise<string> {
  const names: string[] = model === undefined ? [] : await namedContent(model);
  for (const each of found) names.push(...(await each.content()));
  return hashOf(names);
}
