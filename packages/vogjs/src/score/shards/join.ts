import { isDeepStrictEqual } from 'node:util';
import { VogError } from '@vogjs/base';
import { scoreNotes } from '@vogjs/core/engine';
import type { RunCheckpoint, ScoresToWrite, Trajectories } from '@vogjs/run';
import { joinFindings } from './findings.js';
import { examplesOf, type FoundShard } from './gather.js';
import { readShard, type ShardColumn, type ShardHead } from './shard-file.js';

/** All shards as one: what an unsharded scoring comes to. */
export interface Joined {
  readonly scores: readonly ScoresToWrite[];
  readonly taken: readonly RunCheckpoint[];
  /** Indices of checkpoints that had diverged. */
  readonly skipped: readonly number[];
  /** Lists are empty where nothing was kept. */
  readonly trajectories: Trajectories;
}

/**
 * Puts the numbers of all shards in their places; one shard is in memory at a time.
 *
 * @throws VogError SHARD_DAMAGED, SHARDS_STRANGE
 */
export async function joinShards(found: readonly FoundShard[]): Promise<Joined> {
  const first = found[0] as FoundShard;
  const examples = examplesOf(first);
  refuseUnlike(found);
  const { columns, taken, skipped, windows } = first.head;
  const values = columns.map(() => new Float32Array(examples));
  const lists = new Map<string, (Float32Array | Int32Array)[]>();
  for (const file of found) {
    const { rows, values: own, trajectories } = await readShard(file);
    for (const [at, part] of own.entries()) values[at]?.set(part, rows.start);
    for (const [field, parts] of Object.entries(trajectories)) {
      const whole =
        lists.get(field) ??
        parts.map((part) => (part instanceof Int32Array ? new Int32Array(examples) : new Float32Array(examples)));
      lists.set(field, whole);
      for (const [at, part] of parts.entries()) whole[at]?.set(part, rows.start);
    }
  }
  const findings = joinFindings(
    found.map(({ head }) => head.findings),
    examples,
  );
  const list = (field: keyof Trajectories): never => (lists.get(field) ?? []) as never;
  return {
    scores: columns.map((column, at) => {
      const all = values[at] as Float32Array;
      const { remarks, ...written } = column;
      const segments = segmentsOf(column, columns, windows);
      const { checkpoints } = column;
      const notes = scoreNotes({ findings, metric: remarks, segments, checkpoints, values: all });
      return { ...written, values: all, notes };
    }),
    taken,
    skipped,
    trajectories: {
      labelProbability: list('labelProbability'),
      margin: list('margin'),
      loss: list('loss'),
      predicted: list('predicted'),
    },
  };
}

/** Shards of one run have seen the same checkpoints, and have the same columns. */
function refuseUnlike(found: readonly FoundShard[]): void {
  const first = found[0] as FoundShard;
  const parts: readonly (keyof ShardHead)[] = ['skipped', 'taken', 'windows', 'columns'];
  for (const { path, head } of found) {
    const part = parts.find((each) => !isDeepStrictEqual(head[each], first.head[each]));
    if (part === undefined) continue;
    const words =
      part === 'skipped' || part === 'taken' ? 'other checkpoints were left out' : 'there are other columns';
    throw new VogError('SHARDS_STRANGE', `In ${path} ${words} than in ${first.path}. Score both again.`);
  }
}

/** Stretches of training that went into a column: its window, or all in which its metric has seen a checkpoint. */
function segmentsOf(
  { metric, window }: ShardColumn,
  columns: readonly ShardColumn[],
  windows: readonly string[],
): string[] {
  if (window !== 'complete' || windows.length === 1) return [window];
  const seen = columns.filter((each) => each.metric === metric && each.checkpoints > 0).map((each) => each.window);
  return windows.filter((each) => each !== 'complete' && seen.includes(each));
}
