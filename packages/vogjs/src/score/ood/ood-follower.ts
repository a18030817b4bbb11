import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import { type CheckpointInfo, createTracker, type Metric, type ScorableModel, type Tracker } from '@vogjs/core';
import { vogOod } from '@vogjs/ood';
import type { DetectorScores } from '@vogjs/run/record';
import type { OodSet } from './sets.js';

/** How the sets are followed. */
export interface OodFollowing {
  readonly sets: readonly OodSet[];
  readonly metrics: readonly Metric[];
  /** Tells the sets from others. */
  readonly fingerprint: string;
  readonly chunkSize: number | undefined;
}

/**
 * Follows the sets through the checkpoints of a run, each by a tracker of its own, at each checkpoint of it. Its
 * states are saved before the run's, each by the number of checkpoints in it: after a kill that of the run's is there.
 */
export class OodFollower {
  readonly #trackers: readonly Tracker[];
  readonly #states: string;
  readonly #of: string;

  constructor(
    { sets, metrics, fingerprint, chunkSize }: OodFollowing,
    folder: string,
    epochs: number,
    models: 'one' | 'any',
  ) {
    this.#states = join(folder, 'states');
    this.#of = fingerprint.slice(0, 16);
    this.#trackers = sets.map(({ inputs }) =>
      createTracker({
        inputs,
        metrics,
        models,
        total: { epochs },
        onDiverged: 'skip',
        ...(chunkSize === undefined ? {} : { chunkSize }),
      }),
    );
  }

  async checkpoint(model: ScorableModel, { checkpoint, position }: CheckpointInfo): Promise<void> {
    const { epoch, step } = position;
    await mkdir(this.#states, { recursive: true });
    for (const [set, tracker] of this.#trackers.entries()) {
      await tracker.checkpoint(model, { epoch, step });
      await tracker.save(this.#file(set, checkpoint + 1));
    }
    const needed = this.#trackers.flatMap((_, set) => [this.#name(set, checkpoint), this.#name(set, checkpoint + 1)]);
    for (const name of await readdir(this.#states)) {
      if (name.startsWith('ood-') && !needed.includes(name)) await rm(join(this.#states, name));
    }
  }

  /**
   * Takes over the first checkpoints of a run that is gone on with.
   *
   * @throws VogError RUN_EXISTS where these were of other sets
   */
  async restore(checkpoints: number): Promise<void> {
    if (checkpoints === 0) return;
    for (const [set, tracker] of this.#trackers.entries()) {
      const file = this.#file(set, checkpoints);
      if (!existsSync(file)) throw otherSets();
      await tracker.load(file);
    }
  }

  /** Scores of each set by a metric, in the order of the sets. */
  async scores(metric: string): Promise<DetectorScores[]> {
    const [ins, ...outs] = this.#trackers as [Tracker, ...Tracker[]];
    const others = Object.fromEntries(outs.map((tracker, at) => [`out${at}`, tracker]));
    return Object.values(await vogOod({ in: ins, ...others }, { metric }));
  }

  /** Bytes that are kept between checkpoints. */
  get stateBytes(): number {
    return this.#trackers.reduce((sum, tracker) => sum + tracker.plan().stateBytes, 0);
  }

  dispose(): void {
    for (const tracker of this.#trackers) tracker.dispose();
  }

  #name(set: number, checkpoints: number): string {
    return `ood-${this.#of}-${set}-${checkpoints}.safetensors`;
  }

  #file(set: number, checkpoints: number): string {
    return join(this.#states, this.#name(set, checkpoints));
  }
}

/** The sets are others than those that a run was begun with. */
export function otherSets(): VogError {
  return new VogError(
    'RUN_EXISTS',
    'This run was made with other sets of --ood-in and --ood-out. Give another --out, or remove its folder.',
  );
}
