import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { columnName, findIssues, openRun, type Run, type RunWriter, type ScoresToWrite } from '@vogjs/run';
import type { Dataset } from '../data/dataset.js';
import { STATE, type Followed } from '../follow/followed.js';
import { scoredColumns } from '../follow/scored-columns.js';
import { primaryOf } from './primary.js';

/** Writes what a followed training has come to: scores, pictures, issues. Then the run is complete. */
export async function finishRun(
  dataset: Dataset,
  { tracker, monitor, taken }: Followed,
  run: RunWriter,
  folder: string,
  heldOut: readonly ScoresToWrite[] = [],
): Promise<Run> {
  const { segments } = tracker.plan();
  const windows = new Set(['complete', ...(segments.length > 1 ? segments : [])]);
  const scores = [...(await scoredColumns(tracker, windows)), ...heldOut];
  const notes = [...run.manifest.notes, ...scores.flatMap((each) => each.notes ?? [])];
  await run.update({ checkpoints: taken, notes: [...new Set(notes)] });
  const primary = primaryOf(scores);
  const { ids, labels, paths, meta, thumbs } = dataset;
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
  if (thumbs !== undefined) await run.thumbs(thumbs);
  if (labels !== undefined) await findIssues(await openRun(folder));
  await run.finish();
  tracker.dispose();
  const state = join(folder, STATE);
  await rm(state, { force: true });
  // Whatever else is in there is not ours.
  await rmdir(dirname(state)).catch(() => {});
  return openRun(folder);
}
