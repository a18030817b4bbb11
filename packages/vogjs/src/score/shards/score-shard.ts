import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import type { Tracker } from '@vogjs/core';
import { type MetricRemarks, remarksOf } from '@vogjs/core/engine';
import { openRun } from '@vogjs/run';
import { isStored } from '../../stored.js';
import { partOf } from '../data/part.js';
import type { Followed } from '../follow/followed.js';
import { beginRun } from '../follow/run-place.js';
import { scoreCheckpoints } from '../follow/score-checkpoints.js';
import { scoredColumns } from '../follow/scored-columns.js';
import type { Scoring } from '../follow/work.js';
import type { Made } from '../outcome/manifest.js';
import { elsewhere } from './elsewhere.js';
import { gridOf, onGrid, rowsOfShard, type Rows, type Shard } from './cut.js';
import { difference, factsOf, type ShardFacts, shardName } from './facts.js';
import { type ShardFile, shardsOf } from './place.js';
import { readShard, writeShard } from './shard-file.js';
import { workFolder } from './work-folder.js';

/** One part of the scoring of checkpoints. */
export interface ShardJob {
  readonly scoring: Scoring;
  readonly shard: Shard;
  /** Of the run. */
  readonly folder: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly layout: string;
  readonly made: Made;
  readonly chunkSize: number | undefined;
  readonly watch?: ((tracker: Tracker, rows: Rows) => () => void) | undefined;
  /** What the facts must be, where somebody else has seen them. */
  readonly expected?: ShardFacts | undefined;
  readonly goOn: string;
}

/** An empty file that is written to see whether files can be; it goes with the shards. */
const PROBE = 'states/writable';

/** What became of a shard. */
export interface ShardDone {
  readonly path: string;
  readonly rows: Rows;
  /** True where it had been done before. */
  readonly before: boolean;
}

/**
 * Scores one shard into a file that is named by what goes into it: one that is there already is left as it is. What is
 * done of it is saved after each checkpoint, in a folder of the same name.
 *
 * @throws VogError SHARD_UNFIT for more shards than chunks, SHARDS_STRANGE for other facts than expected, and those of the
 *   storage
 */
export async function scoreShard(job: ShardJob): Promise<ShardDone> {
  const { scoring, folder, made, layout } = job;
  const { dataset } = scoring.following;
  const grid = gridOf(dataset, job.chunkSize);
  const rows = rowsOfShard(grid, job.shard);
  const facts = await factsOf(scoring, grid, made.backend, layout);
  refuseOther(facts, job.expected);
  const name = await shardName(dataset, facts, rows, grid);
  const begun = join(await workFolder(folder), name);
  const { storage, file: fileOf } = await shardsOf(folder);
  const file = fileOf(`${name}.safetensors`);
  const { path } = file;
  const isThere = (await storage.size(file.name)) !== null;
  if (isThere && (await isWhole(file))) {
    // Somebody else was faster, elsewhere.
    if (isStored(folder)) await rm(begun, { recursive: true, force: true });
    return { path, rows, before: true };
  }
  // Before hours are spent: may anything be written there?
  if (isStored(folder)) await storage.write(PROBE, new Uint8Array());
  const part = partOf(dataset, rows.start, rows.end);
  const provide = { elsewhere: elsewhere(scoring.following, rows, grid) };
  const following = onGrid({ ...scoring.following, dataset: part, provide }, grid);
  const mine = { ...job, scoring: { ...scoring, following } };
  await write(mine, file, isThere, facts, rows, await follow(mine, begun, rows));
  await rm(begun, { recursive: true, force: true });
  return { path, rows, before: false };
}

function refuseOther(facts: ShardFacts, expected: ShardFacts | undefined): void {
  const other = expected === undefined ? null : difference(facts, expected);
  if (other === null) return;
  throw new VogError(
    'SHARDS_STRANGE',
    `This worker has ${other} than where the shards were asked for. Both need one version, backend, data and checkpoints.`,
  );
}

async function isWhole(file: ShardFile): Promise<boolean> {
  try {
    await readShard(file);
    return true;
  } catch (error) {
    if (error instanceof VogError && error.code === 'SHARD_DAMAGED') return false;
    throw error;
  }
}

/** What was begun is gone on with; where that is damaged, it is begun anew. */
async function follow(job: ShardJob, part: string, rows: Rows): Promise<Followed> {
  try {
    return await followFrom(job, part, rows);
  } catch (error) {
    const isDamaged = error instanceof VogError && /^(RUN|STATE|FORMAT|PROBE)_/.test(error.code) && existsSync(part);
    if (!isDamaged) throw error;
    await rm(part, { recursive: true, force: true });
    return followFrom(job, part, rows);
  }
}

async function followFrom(job: ShardJob, part: string, rows: Rows): Promise<Followed> {
  const { scoring, config, watch, goOn } = job;
  const { following, checkpoints } = scoring;
  const before = existsSync(join(part, 'run.json')) ? await openRun(part) : null;
  const writer = await beginRun(
    { folder: part, before },
    { examples: rows.end - rows.start, config, classNames: following.dataset.classNames ?? null },
  );
  return scoreCheckpoints(following, checkpoints, writer, part, before, {
    watch: watch === undefined ? undefined : (tracker) => watch(tracker, rows),
    goOn,
  });
}

async function write(
  { scoring, config, made }: ShardJob,
  file: ShardFile,
  isDamaged: boolean,
  facts: ShardFacts,
  rows: Rows,
  { tracker, monitor, taken }: Followed,
): Promise<void> {
  const { segments } = tracker.plan();
  const windows = ['complete', ...(segments.length > 1 ? segments : [])];
  const scores = await scoredColumns(tracker, windows);
  const remarks = new Map(scoring.following.metrics.map((metric) => [metric.name, remarksOf(metric)]));
  const kept = new Set(taken.map(({ epoch }) => epoch));
  const { count } = scoring.checkpoints;
  const content = {
    rows,
    facts,
    config,
    taken,
    skipped: Array.from({ length: count }, (_, at) => at).filter((at) => !kept.has(at)),
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
