import { selectBackend } from '@vogjs/core/node';
import { openRun, type Run, type RunWriter } from '@vogjs/run';
import { SCORE_OPTIONS } from './config/options.js';
import { accuracyOf } from './follow/accuracy.js';
import { beginRun, lookAt, runAt } from './follow/run-place.js';
import type { Work } from './follow/work.js';
import { writeOutcome } from './outcome/finish.js';
import { type Limit, limitsOf } from './outcome/limits.js';
import { type Made, manifestOf } from './outcome/manifest.js';
import type { NewsStream } from './fetched/fetch-news.js';
import { prepare } from './prepare.js';
import { scoringOf } from './shards/scoring-of.js';
import { type FoundShard, gatherShards } from './shards/gather.js';
import { refuseChanged } from './shards/changed.js';
import type { Joined } from './shards/join.js';
import { joinFound } from './shards/join-found.js';

/** A run made of its shards, and the limits that were asked for: now, else when they were scored. */
export interface Merged {
  readonly run: Run;
  readonly limits: readonly Limit[];
  /** True where it was complete before. */
  readonly before: boolean;
}

/**
 * Joins the shards of a run into one that is complete, as if it had been scored whole; then they are removed.
 *
 * @param typed options in place of those of the shards: where the data is on this machine
 * @param news where it is told how far a long fetch is
 * @throws VogError SHARDS_MISSING, SHARDS_OVERLAP, SHARDS_STRANGE, SHARD_DAMAGED, SHARD_VERSION, RUN_EXISTS
 */
export async function mergeRun(
  folder: string,
  typed: Readonly<Record<string, unknown>>,
  news: NewsStream | null = null,
): Promise<Merged> {
  const asked = limitsOf(SCORE_OPTIONS.resolve(typed).failAbove ?? []);
  // A run that is whole: no shards are made for one, and what lies beside it is left over.
  const done = await runAt(folder);
  if (done?.manifest.state === 'complete') return { run: done, limits: asked, before: true };
  const found = await gatherShards(folder);
  const head = (found[0] as FoundShard).head;
  const config = SCORE_OPTIONS.resolve({ ...head.config, ...typed });
  const limits = limitsOf(config.failAbove ?? []);
  await selectBackend('cpu');
  const work = await prepare(config, news);
  const scoring = scoringOf(work);
  await refuseChanged(found, scoring, config);
  const { dataset, model } = work;
  const made = { data: dataset.fingerprint, model: model.hash };
  // As it was asked for: a run scored whole says the same.
  const { config: identity, place } = await lookAt(folder, SCORE_OPTIONS.resolve(head.config), made);
  if (place.before?.manifest.state === 'complete') return { run: place.before, limits, before: true };
  const writer = await beginRun(place, manifestOf(work, identity, madeBy(found)));
  const joined = await joinFound(found, scoring, folder);
  return { run: await writeJoined(work, joined, writer, folder), limits, before: false };
}

/** Writes what the shards have come to, and works out what needs all examples. */
export async function writeJoined(work: Work, joined: Joined, run: RunWriter, folder: string): Promise<Run> {
  const { dataset } = work;
  const { scores, taken, trajectories } = joined;
  await tellCheckpoints(work, joined, run);
  if (dataset.labels !== undefined && taken.length > 0) {
    await run.update({ checkpoints: taken });
    await run.trajectories(trajectories);
  }
  return writeOutcome(dataset, { scores, taken, predicted: trajectories.predicted.at(-1) }, run, folder);
}

/** What the shards were computed with: of several machines all. */
function madeBy(found: readonly FoundShard[]): Made {
  const { made } = (found[0] as FoundShard).head;
  const machines = [...new Set(found.map(({ head }) => head.made.machine))];
  return { ...made, machine: machines.join('; ') };
}

/** The events that a scoring of all examples tells, once. */
async function tellCheckpoints({ dataset, scoring }: Work, joined: Joined, run: RunWriter): Promise<void> {
  const events = (await (await openRun(run.storage)).events()) as { readonly type?: string }[];
  if (events.some(({ type }) => type === 'checkpoint')) return;
  const { labels, size } = dataset;
  const { loss, predicted } = joined.trajectories;
  for (const [at, { epoch, source }] of joined.taken.entries()) {
    const figures =
      labels === undefined
        ? {}
        : {
            probe_loss: (loss[at]?.reduce((sum, value) => sum + value, 0) ?? Number.NaN) / size,
            probe_accuracy: accuracyOf(predicted[at] ?? new Int32Array(), labels),
          };
    await run.event('checkpoint', { checkpoint: epoch, source, figures });
  }
  for (const checkpoint of joined.skipped) {
    await run.event('diverged', { checkpoint, source: scoring?.checkpoints.sources[checkpoint] });
  }
}
