import { type Features, readFeatures } from '../features/features.js';
import { type Issues, readIssues } from '../issues/issues-file.js';
import { EVENTS } from '../log/events.js';
import { readLines } from '../log/lines.js';
import { readManifest, type RunManifest } from '../manifest/manifest.js';
import { type OodSets, readOod } from '../ood/ood-file.js';
import { readReviews, type Reviews } from '../reviews/reviews.js';
import { type RunPlace, storageAt } from '../storage/place.js';
import type { RunStorage } from '../storage/storage.js';
import { openScores, type ScoresTable } from '../tables/scores-table.js';
import { openTrajectories, type TrajectoriesTable } from '../tables/trajectories.js';
import { readThumbIndex, type ThumbIndex } from '../thumbs/thumbs.js';

/** A run, opened: each part is read when it is asked for. A part that the run lacks rejects with RUN_ABSENT. */
export interface Run {
  readonly manifest: RunManifest;
  readonly storage: RunStorage;
  /** Whether the run has a file, such as `issues.json`. */
  has(name: string): Promise<boolean>;
  scores(): Promise<ScoresTable>;
  trajectories(): Promise<TrajectoriesTable>;
  features(): Promise<Features>;
  issues(): Promise<Issues>;
  /** The sets of an out-of-distribution evaluation. */
  ood(): Promise<OodSets>;
  thumbs(): Promise<ThumbIndex>;
  /** What happened, as it happened: events that are whole lines. */
  events(): Promise<readonly unknown[]>;
  /** Decisions of people, as they stand now. */
  reviews(): Promise<Reviews>;
}

/**
 * Opens a run folder. Only `run.json` is read.
 *
 * ```ts
 * const run = await openRun('runs/photos');
 * const table = await run.scores();
 * const vog = await table.values('vog');
 * ```
 *
 * @param place path of the folder (Node), or a storage
 * @throws VogError RUN_ABSENT, RUN_INVALID, RUN_VERSION
 */
export async function openRun(place: RunPlace): Promise<Run> {
  const storage = await storageAt('openRun', place);
  const manifest = await readManifest(storage);
  const { examples, classNames } = manifest;
  return {
    manifest,
    storage,
    has: async (name) => (await storage.size(name)) !== null,
    scores: () => openScores(storage, examples),
    trajectories: () => openTrajectories(storage, examples),
    features: () => readFeatures(storage, examples),
    issues: () => readIssues(storage),
    ood: () => readOod(storage, examples),
    thumbs: () => readThumbIndex(storage),
    events: async () => (await readLines(storage, EVENTS)).values,
    reviews: () => readReviews(storage, classNames?.length ?? null),
  };
}
