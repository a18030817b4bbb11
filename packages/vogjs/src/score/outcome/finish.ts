import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import { collectResources, penultimate } from '@vogjs/core';
import { columnName, findIssues, type Features, openRun, type Run, type RunWriter } from '@vogjs/run';
import type { Dataset } from '../data/dataset.js';
import { STATE, type Followed } from '../follow/followed.js';
import { scoredColumns } from '../follow/scored-columns.js';
import { primaryOf } from './primary.js';

/** What is kept in `states/` until the run is complete. */
const OURS = /^(tracker\.safetensors|fold-\d+\.npy)$/;

/** Writes what a followed training has come to: scores, pictures, issues. Then the run is complete. */
export async function finishRun(
  dataset: Dataset,
  { tracker, monitor, taken, model, heldOut = [] }: Followed,
  run: RunWriter,
  folder: string,
): Promise<Run> {
  const { segments } = tracker.plan();
  const windows = new Set(['complete', ...(segments.length > 1 ? segments : [])]);
  const scores = [...(await scoredColumns(tracker, windows)), ...heldOut];
  const notes = [
    ...run.manifest.notes,
    ...scores.flatMap(({ window, notes: own = [] }) => (window === 'complete' ? own : [])),
  ];
  await run.update({ checkpoints: taken, notes: [...new Set(notes)] });
  const primary = primaryOf(scores);
  const { ids, labels, paths, meta, thumbs, images } = dataset;
  const { predicted } = monitor;
  await run.scores({
    ids,
    scores,
    labels,
    paths,
    predicted,
    meta,
    ...(primary === undefined ? {} : { primary: columnName(primary) }),
  });
  if (model !== undefined) await run.features(await featuresOf(model, dataset));
  if (thumbs !== undefined) await run.thumbs(thumbs);
  if (labels !== undefined) await findIssues(await openRun(folder), images === undefined ? {} : { images });
  await run.finish();
  tracker.dispose();
  const state = join(folder, STATE);
  const kept = await readdir(dirname(state)).catch(() => []);
  for (const name of kept) if (OURS.test(name)) await rm(join(dirname(state), name), { force: true });
  // Whatever else is in there is not ours.
  await rmdir(dirname(state)).catch(() => {});
  return openRun(folder);
}

/** What the last layer is given, for neighbours and twins. */
async function featuresOf(model: tf.LayersModel, { inputs, size }: Dataset): Promise<Features> {
  const { penultimate: found } = await collectResources(model, { inputs }, { penultimate });
  return { data: found.data as Float32Array, examples: size, size: found.data.length / size };
}
