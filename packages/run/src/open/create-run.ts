import { checkOptions, anything, VogError } from '@vogjs/base';
import { clearRun, forgetClearing, isHalfCleared, keptNotes } from '../clear/clear-run.js';
import { type Features, writeFeatures } from '../features/features.js';
import { type Issues, writeIssues } from '../issues/issues-file.js';
import { EVENTS } from '../log/events.js';
import { LineWriter } from '../log/lines.js';
import { MANIFEST, type ManifestInit, newManifest, type RunManifest, writeManifest } from '../manifest/manifest.js';
import { type OodSets, writeOod } from '../ood/ood-file.js';
import { type RunPlace, storageAt } from '../storage/place.js';
import type { RunStorage } from '../storage/storage.js';
import { encodeScores, primaryName, SCORES, type ScoresTableInit } from '../tables/scores-table.js';
import { encodeTrajectories, TRAJECTORIES, type Trajectories } from '../tables/trajectories.js';
import { type ThumbPixels, writeThumbs } from '../thumbs/thumbs.js';
import { openRun } from './open-run.js';

/** How `createRun` treats a run that is there. */
export interface CreateRunOptions {
  /**
   * `'resume'` goes on with it and keeps its files. `true` removes it first; what people decided is kept in `before/`, and
   * a note in `run.json` says where. Default false: refused.
   */
  readonly replace?: boolean | 'resume';
}

/** Writes a run, part by part; each part is there whole or not at all. */
export interface RunWriter {
  readonly storage: RunStorage;
  readonly manifest: RunManifest;
  /** Changes what `run.json` says, and writes it. */
  update(changes: Partial<Omit<RunManifest, 'format' | 'version' | 'created'>>): Promise<void>;
  scores(table: ScoresTableInit): Promise<void>;
  trajectories(trajectories: Trajectories): Promise<void>;
  features(features: Features): Promise<void>;
  issues(issues: Omit<Issues, 'version'>): Promise<void>;
  /** Says which rows are of which set; `recordOod` does all of it. */
  ood(sets: Omit<OodSets, 'version'>): Promise<void>;
  thumbs(pixels: ThumbPixels): Promise<void>;
  /** Adds an event to `events.jsonl`, with its time. */
  event(type: string, facts?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Says in `run.json` that all parts are there. */
  finish(): Promise<void>;
}

/**
 * Begins a run: writes `run.json` with the state `running`.
 *
 * ```ts
 * const run = await createRun('runs/photos', { examples: ids.length, classNames });
 * await run.scores({ ids, labels, scores: [{ metric: 'vog', column: 'vog', window: 'complete', … }] });
 * await run.finish();
 * ```
 *
 * @throws VogError RUN_EXISTS for a place where a run is, unless `replace` says what to do with it
 */
export async function createRun(
  place: RunPlace,
  init: ManifestInit,
  options: CreateRunOptions = {},
): Promise<RunWriter> {
  checkOptions('createRun', init, MANIFEST_KEYS);
  checkOptions('createRun', options, { replace: anything });
  const storage = await storageAt('createRun', place);
  const { replace = false } = options;
  let manifest = await newManifest(init);
  let goesOn = false;
  if ((await storage.size(MANIFEST)) !== null) {
    if (replace === false) {
      throw new VogError(
        'RUN_EXISTS',
        `There is a run in ${storage.place} already. Give another folder, go on with it (resume), or replace it.`,
      );
    }
    if (replace === 'resume') {
      goesOn = true;
      // What is said of files that stay, stays.
      const { created, checkpoints, metrics, windows, primary } = (await openRun(storage)).manifest;
      manifest = { ...(await newManifest({ checkpoints, metrics, windows, primary, ...init })), created };
      await forgetClearing(storage);
    }
  }
  const clears = replace === true || (await isHalfCleared(storage));
  if (clears) await clearRun(storage);
  if (clears || goesOn) {
    const notes = new Set([...manifest.notes, ...(await keptNotes(storage))]);
    manifest = { ...manifest, notes: [...notes] };
  }
  const events = new LineWriter(storage, EVENTS);
  const put = async (next: RunManifest): Promise<void> => {
    const changed = { ...next, changed: new Date().toISOString() };
    await writeManifest(storage, changed);
    manifest = changed;
  };
  await put(manifest);
  return {
    storage,
    get manifest() {
      return manifest;
    },
    update: (changes) => put({ ...manifest, ...changes }),
    async scores(table) {
      requireSize('scores', table.ids.length, manifest.examples);
      const whole = {
        ...table,
        classNames: table.classNames ?? manifest.classNames ?? undefined,
        // Not the manifest's: after a resume, that may be of a metric that is followed no more.
        primary: table.primary ?? init.primary ?? undefined,
      };
      await storage.write(SCORES, await encodeScores(whole));
      const { scores } = table;
      await put({
        ...manifest,
        metrics: [...new Set(scores.map(({ metric }) => metric))],
        windows: [...new Set(scores.map(({ window }) => window))],
        primary: primaryName(whole),
      });
    },
    async trajectories(trajectories) {
      await storage.write(TRAJECTORIES, await encodeTrajectories(trajectories, manifest.examples));
    },
    async features(features) {
      requireSize('features', features.examples, manifest.examples);
      await writeFeatures(storage, features);
    },
    issues: (issues) => writeIssues(storage, issues),
    ood: (sets) => writeOod(storage, sets),
    async thumbs(pixels) {
      requireSize('thumbs', pixels.count, manifest.examples);
      await writeThumbs(storage, pixels);
    },
    event: (type, facts = {}) => events.add([{ type, when: new Date().toISOString(), ...facts }]),
    finish: () => put({ ...manifest, state: 'complete' }),
  };
}

const MANIFEST_KEYS = Object.fromEntries(
  [
    'examples',
    'classNames',
    'config',
    'data',
    'model',
    'checkpoints',
    'metrics',
    'windows',
    'primary',
    'backend',
    'machine',
    'versions',
    'notes',
  ].map((name) => [name, anything]),
);

function requireSize(part: string, got: number, examples: number): void {
  if (got === examples) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `The ${part} are of ${got} examples, and the run has ${examples}. Give all of them, in one order.`,
  );
}
