import type * as tf from '@tensorflow/tfjs';
import { collectResources, penultimate } from '@vogjs/core';
import {
  columnName,
  findIssues,
  type Features,
  openRun,
  type Run,
  type RunCheckpoint,
  type RunWriter,
  type ScoresToWrite,
} from '@vogjs/run';
import type { Dataset } from '../data/dataset.js';
import type { Followed } from '../follow/followed.js';
import { scoredColumns } from '../follow/scored-columns.js';
import { primaryOf } from './primary.js';
import { removeStates } from './states.js';

/** What a scoring has come to, whole or put together of parts. */
export interface Outcome {
  readonly scores: readonly ScoresToWrite[];
  readonly taken: readonly RunCheckpoint[];
  readonly predicted: Int32Array | undefined;
  /** The model as it was at the end; features are taken of it. */
  readonly model?: tf.LayersModel | undefined;
}

/** Writes what a followed training has come to: scores, pictures, issues. Then the run is complete. */
export async function finishRun(
  dataset: Dataset,
  { tracker, monitor, taken, model, heldOut = [] }: Followed,
  run: RunWriter,
  folder: string,
): Promise<Run> {
  const scores = [...(await scoredColumns(tracker, ['complete', ...tracker.plan().windows])), ...heldOut];
  tracker.dispose();
  return writeOutcome(dataset, { scores, taken, predicted: monitor.predicted, model }, run, folder);
}

/** Writes an outcome; what needs all examples, such as percentiles and issues, is worked out here. */
export async function writeOutcome(
  dataset: Dataset,
  { scores, taken, predicted, model }: Outcome,
  run: RunWriter,
  folder: string,
): Promise<Run> {
  const notes = [
    ...run.manifest.notes,
    ...scores.flatMap(({ window, notes: own = [] }) => (window === 'complete' ? own : [])),
  ];
  await run.update({ checkpoints: taken, notes: [...new Set(notes)] });
  const primary = primaryOf(scores);
  const { ids, labels, paths, meta, thumbs, images } = dataset;
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
  // The live page has had them from the beginning.
  const hasThumbs = (await run.storage.size('thumbs/index.json')) !== null;
  if (thumbs !== undefined && !hasThumbs) await run.thumbs(thumbs);
  if (labels !== undefined) await findIssues(await openRun(run.storage), images === undefined ? {} : { images });
  await run.finish();
  await removeStates(run.storage, folder);
  return openRun(run.storage);
}

/** What the last layer is given, for neighbours and twins. */
async function featuresOf(model: tf.LayersModel, { inputs, size }: Dataset): Promise<Features> {
  const { penultimate: found } = await collectResources(model, { inputs }, { penultimate });
  return { data: found.data as Float32Array, examples: size, size: found.data.length / size };
}
