import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { progressBar } from '@vogjs/callback/node';
import type { ScorableModel } from '@vogjs/core';
import type { Run, RunWriter } from '@vogjs/run';
import type { Checkpoints } from '../checkpoints/checkpoints.js';
import { follow, type Followed, type Following, STATE, takenBefore } from './followed.js';
import { partOf } from '../data/part.js';
import { besideOf } from '../ood/beside.js';
import { explainInterrupt, savedSoFar } from './interrupt.js';
import type { Watch, WorkPlan } from './work.js';

/** Examples whose scoring is timed. */
const TIMED = 256;

/** What scoring these checkpoints will take; nothing is written. */
export async function planCheckpoints(following: Following, checkpoints: Checkpoints): Promise<WorkPlan> {
  const { count } = checkpoints;
  const { tracker } = follow(following, count, 'any');
  try {
    const model = await checkpoints.open(0);
    const plan = await tracker.begin(model);
    return {
      plan,
      checkpoints: count,
      ...(await checkpointNeeds(following, model)),
      secondsPerEpoch: 0,
    };
  } finally {
    tracker.dispose();
    checkpoints.close();
  }
}

/** Bytes that a pass of so many examples takes: measured where the chunk size is left open, and in proportion to that. */
export async function passBytes(following: Following, checkpoints: Checkpoints, chunkSize: number): Promise<number> {
  const { tracker } = follow({ ...following, chunkSize: undefined }, checkpoints.count, 'any');
  try {
    const plan = await tracker.begin(await checkpoints.open(0));
    return Math.ceil(((plan.workingBytes ?? 0) * chunkSize) / plan.chunkSize);
  } finally {
    tracker.dispose();
    checkpoints.close();
  }
}

/** What a checkpoint takes, with the sets that are followed beside the data. */
export async function checkpointNeeds(
  following: Following,
  model: ScorableModel,
): Promise<Pick<WorkPlan, 'secondsPerCheckpoint' | 'beside'>> {
  const { needs, followers } = besideOf(following, '', 2, 'any');
  for (const follower of followers) follower.dispose();
  const seconds = await timeCheckpoint(following, model);
  return { secondsPerCheckpoint: seconds * (1 + needs.examples / following.dataset.size), beside: needs };
}

/** Seconds of one checkpoint of all examples, by the second one of the first few: the first loads and compiles. */
async function timeCheckpoint(following: Following, model: ScorableModel): Promise<number> {
  const { dataset } = following;
  const size = Math.min(TIMED, dataset.size);
  const part = partOf(dataset, 0, size);
  const { tracker } = follow({ ...following, dataset: part, windows: undefined }, 2, 'any');
  try {
    await tracker.checkpoint(model, { epoch: 0, step: 1 });
    const started = performance.now();
    await tracker.checkpoint(model, { epoch: 1, step: 2 });
    return ((performance.now() - started) / 1000) * (dataset.size / size);
  } finally {
    tracker.dispose();
  }
}

/** How it is told how far the scoring is. */
export interface Ways {
  /** Default: a bar in the terminal. The result ends it. */
  readonly watch?: Watch | undefined;
  /** The command that goes on after Ctrl-C. */
  readonly goOn?: string | undefined;
  /** These checkpoints alone, from the first to before the last; default all. */
  readonly only?: { readonly start: number; readonly end: number } | undefined;
}

/**
 * Takes one checkpoint after the other, saving after each: whenever the process ends, the next call goes on behind the
 * last one that was saved.
 */
export async function scoreCheckpoints(
  following: Following,
  checkpoints: Checkpoints,
  run: RunWriter,
  folder: string,
  before: Run | null,
  { watch = progressBar, goOn, only }: Ways = {},
): Promise<Followed> {
  const { count, sources } = checkpoints;
  const beside = besideOf(following, folder, count, 'any');
  const { tracker, monitor } = follow(following, count, 'any', beside.followers);
  const { start, end } = only ?? { start: 0, end: count };
  const state = join(folder, STATE);
  if (before !== null && (await before.has(STATE))) {
    await tracker.load(state);
    if (following.dataset.labels !== undefined) await monitor.restore(before, tracker.checkpoints);
    await beside.restore(tracker.checkpoints);
  }
  await mkdir(dirname(state), { recursive: true });
  const removeBar = watch(tracker);
  let next = (tracker.observed?.epoch ?? start - 1) + 1;
  const taken = takenBefore(before, tracker);
  const stopListening = explainInterrupt(folder, () => savedSoFar(next - start, end - start, 'checkpoints'), goOn);
  const later = checkpoints.next === undefined ? null : (after: string | null) => checkpoints.next!(next, after);
  let after = taken.at(-1)?.source ?? null;
  try {
    for (; next < end; next++) {
      const arrival = later === null ? null : await later(after);
      if (arrival !== null && 'why' in arrival) {
        await run.event('ended', { checkpoint: next, of: count, why: arrival.why });
        break;
      }
      for (const source of arrival?.skipped ?? []) await run.event('skipped', { checkpoint: next++, source });
      const source = arrival?.source ?? (sources[next] as string);
      const model = await (arrival?.open() ?? checkpoints.open(next));
      const started = performance.now();
      await tracker.checkpoint(model, { epoch: next, step: next + 1 });
      const milliseconds = performance.now() - started;
      if (tracker.checkpoints === taken.length) {
        await run.event('diverged', { checkpoint: next, source });
      } else {
        await run.event('checkpoint', { checkpoint: next, source, milliseconds, figures: tracker.figures });
        taken.push({ epoch: next, step: next + 1, source });
        // Before the tracker's state, which decides how many of them count.
        await run.update({ checkpoints: taken });
        if (following.dataset.labels !== undefined) await run.trajectories(monitor.trajectories);
      }
      after = source;
      await tracker.save(state);
    }
    await beside.end?.(await checkpoints.open(taken.at(-1)?.epoch ?? end - 1), run);
  } finally {
    stopListening();
    await removeBar();
    checkpoints.close();
  }
  return { tracker, monitor, taken };
}

/** A bar in the terminal, and who else follows. */
export function withBar(watch: Watch | undefined): Ways {
  if (watch === undefined) return {};
  return {
    watch: (tracker) => {
      const [removeBar, unwatch] = [progressBar(tracker), watch(tracker)];
      return () => {
        removeBar();
        return unwatch();
      };
    },
  };
}
