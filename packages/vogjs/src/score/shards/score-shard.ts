import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import type { Tracker } from '@vogjs/core';
import { type MetricRemarks, remarksOf } from '@vogjs/core/engine';
import { openRun } from '@vogjs/run';
import { isStored } from '../../stored.js';
import { partOf } from '../data/part.js';
import type { Followed, Following } from '../follow/followed.js';
import { beginRun } from '../follow/run-place.js';
import { scoreCheckpoints } from '../follow/score-checkpoints.js';
import { scoredColumns } from '../follow/scored-columns.js';
import type { Scoring } from '../follow/work.js';
import type { Made } from '../outcome/manifest.js';
import { elsewhere } from './elsewhere.js';
import { type By, type Grid, gridOf, onGrid, type Shard } from './cut.js';
import { difference, factsOf, type Piece, type ShardFacts, shardName } from './facts.js';
import { pieceOf } from './pieces.js';
import { type ShardFile, shardsOf, statesOf } from './place.js';
import { readShard, writeShard } from './shard-file.js';
import { saveStates, withStates } from './shard-states.js';
import { workFolder } from './work-folder.js';

/** One part of the scoring of checkpoints. */
export interface ShardJob {
  readonly scoring: Scoring;
  readonly shard: Shard;
  readonly by: By;
  /** Of the run. */
  readonly folder: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly layout: string;
  readonly made: Made;
  readonly chunkSize: number | undefined;
  readonly watch?: ((tracker: Tracker, piece: Piece) => () => void) | undefined;
  /** What the facts must be, where somebody else has seen them. */
  readonly expected?: ShardFacts | undefined;
  readonly goOn: string;
}

/** An empty file that is written to see whether files can be; it goes with the shards. */
const PROBE = 'states/writable';

/** What became of a shard. */
export interface ShardDone {
  readonly path: string;
  readonly piece: Piece;
  /** True where it had been done before. */
  readonly before: boolean;
}

/**
 * Scores one shard into a file that is named by what goes into it: one that is there already is left as it is. What is
 * done of it is saved after each checkpoint, in a folder of the same name.
 *
 * @throws VogError SHARD_UNFIT for more shards than chunks or checkpoints, and for metrics without merge by checkpoints;
 *   SHARDS_STRANGE for other facts than expected; and those of the storage
 */
export async function scoreShard(job: ShardJob): Promise<ShardDone> {
  const { scoring, folder, made, layout } = job;
  const { dataset } = scoring.following;
  const grid = gridOf(dataset, job.chunkSize);
  const piece = pieceOf(scoring, grid, job.shard, job.by);
  const facts = await factsOf(scoring, grid, made.backend, layout, job.by);
  refuseOther(facts, job.expected);
  const name = await shardName(dataset, facts, piece, grid);
  const begun = join(await workFolder(folder), name);
  const { storage, file: fileOf } = await shardsOf(folder);
  const file = fileOf(`${name}.safetensors`);
  const { path } = file;
  const isThere = (await storage.size(file.name)) !== null;
  if (isThere && (await isWhole(file, piece, begun))) {
    // Somebody else was faster, elsewhere.
    if (isStored(folder)) await rm(begun, { recursive: true, force: true });
    return { path, piece, before: true };
  }
  // Before hours are spent: may anything be written there?
  if (isStored(folder)) await storage.write(PROBE, new Uint8Array());
  const following = onGrid(
    { ...scoring.following, ...(piece.stretch === undefined ? ofRows(job, piece, grid) : {}) },
    grid,
  );
  const mine = { ...job, scoring: { ...scoring, following } };
  const followed = await follow(mine, begun, piece);
  // First of all: a shard's file says that its states are there.
  if (piece.stretch !== undefined) await saveStates(followed.tracker, statesOf(file), begun, isThere);
  await write(mine, file, isThere, facts, piece, followed);
  await rm(begun, { recursive: true, force: true });
  return { path, piece, before: false };
}

/** Its own rows are scored, and the others are asked where all of its own give NaN. */
function ofRows({ scoring: { following } }: ShardJob, { rows }: Piece, grid: Grid): Partial<Following> {
  const { dataset } = following;
  return {
    dataset: partOf(dataset, rows.start, rows.end),
    provide: { elsewhere: elsewhere(following, rows, grid) },
  };
}

function refuseOther(facts: ShardFacts, expected: ShardFacts | undefined): void {
  const other = expected === undefined ? null : difference(facts, expected);
  if (other === null) return;
  throw new VogError(
    'SHARDS_STRANGE',
    `This worker has ${other} than where the shards were asked for. Both need one version, backend, data and checkpoints.`,
  );
}

async function isWhole(file: ShardFile, { stretch }: Piece, work: string): Promise<boolean> {
  try {
    await readShard(file);
    if (stretch !== undefined) await withStates([file], work, async () => {});
    return true;
  } catch (error) {
    if (error instanceof VogError && error.code === 'SHARD_DAMAGED') return false;
    throw error;
  }
}

/** What was begun is gone on with; where that is damaged, it is begun anew. */
async function follow(job: ShardJob, part: string, piece: Piece): Promise<Followed> {
  try {
    return await followFrom(job, part, piece);
  } catch (error) {
    const isDamaged = error instanceof VogError && /^(RUN|STATE|FORMAT|PROBE)_/.test(error.code) && existsSync(part);
    if (!isDamaged) throw error;
    await rm(part, { recursive: true, force: true });
    return followFrom(job, part, piece);
  }
}

async function followFrom(job: ShardJob, part: string, piece: Piece): Promise<Followed> {
  const { rows, stretch } = piece;
  const { scoring, config, watch, goOn } = job;
  const { following, checkpoints } = scoring;
  const before = existsSync(join(part, 'run.json')) ? await openRun(part) : null;
  const writer = await beginRun(
    { folder: part, before },
    { examples: rows.end - rows.start, config, classNames: following.dataset.classNames ?? null },
  );
  return scoreCheckpoints(following, checkpoints, writer, part, before, {
    watch: watch === undefined ? undefined : (tracker) => watch(tracker, piece),
    goOn,
    only: stretch,
  });
}

async function write(
  { scoring, config, made }: ShardJob,
  file: ShardFile,
  isDamaged: boolean,
  facts: ShardFacts,
  piece: Piece,
  { tracker, monitor, taken }: Followed,
): Promise<void> {
  const { segments } = tracker.plan();
  const windows = ['complete', ...(segments.length > 1 ? segments : [])];
  const { stretch } = piece;
  // Of some checkpoints there are no scores, but states that make them with those of the others.
  const scores = stretch === undefined ? await scoredColumns(tracker, windows) : [];
  const remarks = new Map(scoring.following.metrics.map((metric) => [metric.name, remarksOf(metric)]));
  const kept = new Set(taken.map(({ epoch }) => epoch));
  const { start, end } = stretch ?? { start: 0, end: scoring.checkpoints.count };
  const content = {
    ...piece,
    facts,
    config,
    taken,
    skipped: Array.from({ length: end - start }, (_, at) => start + at).filter((at) => !kept.has(at)),
    findings: tracker.findings,
    windows,
    columns: scores.map(({ metric, column, window, hardDirection, checkpoints }) => ({
      metric,
      column,
      window,
      hardDirection,
      checkpoints,
      remarks: remarks.get(metric) as MetricRemarks,
    })),
    made,
    values: scores.map(({ values }) => values),
    trajectories: { ...monitor.trajectories },
  };
  await writeShard(file, content, isDamaged);
  tracker.dispose();
}
