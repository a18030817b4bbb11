import { basename } from 'node:path';
import { VogError } from '@vogjs/base';
import type { SelectedBackend } from '@vogjs/core/node';
import type { Run, RunWriter } from '@vogjs/run';
import type { ShardJob, Submission } from '@vogjs/queue';
import type { ResolvedConfig } from '../config/options.js';
import { explainInterrupt } from '../follow/interrupt.js';
import type { Work } from '../follow/work.js';
import { writeJoined } from '../merge-run.js';
import { madeHere } from '../outcome/manifest.js';
import { hashOf } from '../shards/contents.js';
import { refuseChanged } from '../shards/changed.js';
import { type By, gridOf } from '../shards/cut.js';
import { factsOf } from '../shards/facts.js';
import { gatherShards } from '../shards/gather.js';
import { joinFound } from '../shards/join-found.js';
import { passesOf, pieceOf } from '../shards/pieces.js';
import { shardsOf } from '../shards/place.js';
import { scoringOf } from '../shards/scoring-of.js';
import { viewOf } from '../workers/view.js';
import { queuePackage } from './package.js';
import type { Payload } from './payload.js';

/** How a queue is used. */
export interface QueueWays {
  /** Its address. */
  readonly queue: string;
  readonly shards: number;
  /** What they are parts of. */
  readonly by: By;
  readonly priority: number;
  readonly attempts: number;
  /** Minutes. */
  readonly patience: number;
}

/** What is scored by workers of a queue. */
export interface ThroughQueue extends QueueWays {
  readonly config: ResolvedConfig;
  readonly work: Work;
  readonly folder: string;
  readonly backend: SelectedBackend;
  readonly tell: (line: string) => void;
}

/** Milliseconds before a shard that failed is tried again, the first time. */
const REST = 5000;
/** Shards that a message names. */
const NAMED = 5;

/**
 * Puts shards into a queue, waits for the workers that take them, and joins what they made.
 *
 * @throws VogError SHARD_UNFIT, SHARDS_FAILED, SHARDS_MISSING, and those of the queue
 */
export async function scoreThroughQueue(asked: ThroughQueue, begin: () => Promise<RunWriter>): Promise<Run> {
  const { work, folder, shards, tell } = asked;
  const jobs = await jobsOf(asked);
  const submission: Submission = { attempts: asked.attempts, rest: REST, priority: asked.priority };
  const queue = await (await queuePackage()).openShardQueue(asked.queue);
  const place = await shardsOf(folder);
  const done = async (): Promise<Set<string>> => new Set((await place.done()).map(({ path }) => basename(path)));
  const scoring = scoringOf(work);
  const view = viewOf(shards, work.dataset.size * scoring.checkpoints.count, 'shards');
  const stopListening = explainInterrupt(
    folder,
    () => 'The shards stay in the queue.',
    'the same command; it looks after them again. With --cancel they are taken out of the queue',
  );
  try {
    const run = await begin();
    const before = await done();
    await queue.submit(jobs, submission, (made) => before.has(basename(made)));
    tell(`${shards} ${shards === 1 ? 'shard is' : 'shards are'} in the queue at ${queue.shown}`);
    const told = (line: string): void => {
      view.end();
      tell(line);
    };
    const { made, failed } = await queue.watch(jobs, submission, {
      patience: asked.patience * 60_000,
      tell: told,
      progress: (index, said) => view.progress(index, typeof said === 'number' ? said : 0),
      done: (index) => view.progress(index, passesOfShard(asked, index)),
    });
    view.end();
    if (failed.length > 0) throw failedShards(failed, asked);
    // Workers wrote what they made to their own folder of that name.
    const names = [...made.values()].map((path) => basename(path));
    const there = await done();
    refuseAbsent(
      names.filter((name) => !there.has(name)).map((name) => place.file(name).path),
      folder,
    );
    const found = await gatherShards(folder, names);
    // Workers have copies of the data, and what these say of a row shows in what a shard is called.
    await refuseChanged(found, scoring, asked.config);
    const joined = await writeJoined(work, await joinFound(found, scoring, folder), run, folder);
    await queue.forget((jobs[0] as ShardJob).run);
    return joined;
  } finally {
    view.end();
    stopListening();
    await queue.close();
  }
}

/** Takes the shards out of the queue; gives how many waited there. */
export async function cancelInQueue(asked: ThroughQueue): Promise<number> {
  const jobs = await jobsOf(asked);
  const queue = await (await queuePackage()).openShardQueue(asked.queue);
  try {
    return await queue.cancel((jobs[0] as ShardJob).run);
  } finally {
    await queue.close();
  }
}

async function jobsOf({ config, work, folder, backend, shards, by }: ThroughQueue): Promise<ShardJob[]> {
  const scoring = scoringOf(work);
  const grid = gridOf(work.dataset, config.chunkSize);
  // Too many, and metrics that cannot be split so, are refused before the queue is asked.
  pieceOf(scoring, grid, { index: 1, of: shards }, by);
  const facts = await factsOf(scoring, grid, madeHere(backend).backend, config.layout, by);
  const { out: _, ...asked } = config;
  const payload: Payload = {
    config: JSON.parse(JSON.stringify(asked)) as Record<string, unknown>,
    folder,
    backend: backend.backend,
    facts,
  };
  const run = hashOf([JSON.stringify(payload), work.dataset.fingerprint, work.model.hash ?? '']).slice(0, 16);
  return Array.from({ length: shards }, (_unused, at) => ({ run, index: at + 1, of: shards, payload }));
}

function passesOfShard({ config, work, shards, by }: ThroughQueue, index: number): number {
  const scoring = scoringOf(work);
  const piece = pieceOf(scoring, gridOf(work.dataset, config.chunkSize), { index, of: shards }, by);
  return passesOf(piece, scoring.checkpoints.count);
}

function failedShards(
  failed: readonly { readonly index: number; readonly why: string }[],
  { shards }: ThroughQueue,
): VogError {
  const named = failed.slice(0, NAMED).map(({ index, why }) => `Shard ${index}/${shards}: ${why}`);
  const more = failed.length - named.length;
  return new VogError(
    'SHARDS_FAILED',
    `${failed.length} of ${shards} shards failed each time, and the others are done. ` +
      `${[...named, ...(more > 0 ? [`and ${more} more.`] : [])].join('\n')}\n` +
      'Mend what they say, and give the same command again: what is done is kept.',
  );
}

function refuseAbsent(absent: readonly string[], folder: string): void {
  if (absent.length === 0) return;
  throw new VogError(
    'SHARDS_MISSING',
    `${absent.length} shards are done, and not in '${folder}' here, the first of them ${absent[0]}. Workers write to that folder ` +
      `where they run: let it be one that all machines share, or bring the files here and run vogjs merge ${folder}.`,
  );
}
