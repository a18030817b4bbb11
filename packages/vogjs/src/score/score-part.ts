import type { SelectedBackend } from '@vogjs/core/node';
import { partOf } from './data/part.js';
import type { ResolvedConfig } from './config/options.js';
import { lookAt, runAt } from './follow/run-place.js';
import { planCheckpoints } from './follow/score-checkpoints.js';
import type { Work, WorkPlan } from './follow/work.js';
import { madeHere } from './outcome/manifest.js';
import { type By, gridOf, onGrid, type Shard } from './shards/cut.js';
import type { ShardFacts } from './shards/facts.js';
import { pieceOf } from './shards/pieces.js';
import { scoreShard, type ShardDone, type ShardJob } from './shards/score-shard.js';
import { scoringOf } from './shards/scoring-of.js';

/** A shard to score, and how. */
export interface Part {
  readonly config: ResolvedConfig;
  readonly work: Work;
  readonly folder: string;
  readonly shard: Shard;
  /** What shards are parts of. */
  readonly by: By;
  readonly backend: SelectedBackend;
  readonly watch?: ShardJob['watch'];
  /** What its data, checkpoints and options must be. */
  readonly facts?: ShardFacts | undefined;
}

/**
 * Scores one shard; null where the whole run is there already.
 *
 * @throws VogError SHARD_UNFIT, RUN_EXISTS, SHARDS_STRANGE
 */
export async function scorePart(part: Part): Promise<ShardDone | null> {
  const { config, work, folder, shard, by, backend, watch, facts } = part;
  const scoring = scoringOf(work);
  const { dataset, model } = work;
  // Who asked for it has looked at the run already. Its data and checkpoints are told by what they hold, in the facts: a
  // copy of them has other times.
  const before =
    facts === undefined
      ? (await lookAt(folder, config, { data: dataset.fingerprint, model: model.hash })).place.before
      : await runAt(folder);
  if (before?.manifest.state === 'complete') return null;
  const { out: _, ...asked } = config;
  return scoreShard({
    scoring,
    shard,
    by,
    folder,
    config: JSON.parse(JSON.stringify(asked)) as Record<string, unknown>,
    layout: config.layout,
    made: madeHere(backend),
    chunkSize: config.chunkSize,
    watch,
    expected: facts,
    goOn: `the same command: what is done of shard ${shard.index}/${shard.of} is kept`,
  });
}

/** What one shard will take. */
export async function planPart({
  config,
  work,
  shard,
  by,
}: Pick<Part, 'config' | 'work' | 'shard' | 'by'>): Promise<WorkPlan> {
  const scoring = scoringOf(work);
  const { following, checkpoints } = scoring;
  const { dataset } = following;
  const grid = gridOf(dataset, config.chunkSize);
  const { rows, stretch } = pieceOf(scoring, grid, shard, by);
  const part = partOf(dataset, rows.start, rows.end);
  const plan = await planCheckpoints(onGrid({ ...following, dataset: part }, grid), checkpoints);
  return stretch === undefined ? plan : { ...plan, checkpoints: stretch.end - stretch.start };
}
