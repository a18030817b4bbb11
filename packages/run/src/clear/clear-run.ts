import { FEATURES } from '../features/features.js';
import { ISSUES } from '../issues/issues-file.js';
import { EVENTS } from '../log/events.js';
import { MANIFEST } from '../manifest/manifest.js';
import { OOD } from '../ood/ood-file.js';
import { CORRECTIONS } from '../reviews/corrections.js';
import { REVIEWS } from '../reviews/reviews.js';
import type { RunStorage } from '../storage/storage.js';
import { SCORES } from '../tables/scores-table.js';
import { TRAJECTORIES } from '../tables/trajectories.js';

/** Says that a run is being removed. While it is there and `run.json` is not, what else is there is a rest. */
const MARK = 'replacing.json';
/** Where decisions about runs that were replaced are kept: `before/2026-01-31T12-00-00.000Z/reviews.jsonl`. */
const BEFORE = 'before/';
const PARTS = [SCORES, TRAJECTORIES, FEATURES, ISSUES, OOD, EVENTS, 'report.html'];
const FOLDERS = ['thumbs/', 'states/'];

/** Whether a removal was killed half-way, so that a rest of the old run is there and no run. */
export async function isHalfCleared(storage: RunStorage): Promise<boolean> {
  return (await storage.size(MANIFEST)) === null && (await storage.size(MARK)) !== null;
}

/**
 * Removes a run, and nothing that no run has. `run.json` goes first: a kill leaves the whole run or none. What people
 * decided is work that no computer can do again, so it is copied to `before/` and stays.
 */
export async function clearRun(storage: RunStorage): Promise<void> {
  await keepDecisions(storage);
  await storage.write(MARK, new TextEncoder().encode('{"version":1}'));
  await storage.remove(MANIFEST);
  for (const name of [REVIEWS, CORRECTIONS, ...PARTS]) await storage.remove(name);
  for (const folder of FOLDERS) {
    for (const name of await storage.list(folder)) await storage.remove(name);
  }
  await storage.remove(MARK);
}

/** Notes for the run that is here now: where the decisions about those before it are. */
export async function keptNotes(storage: RunStorage): Promise<string[]> {
  const kept = (await storage.list(BEFORE)).filter((name) => name.endsWith(`/${REVIEWS}`));
  return kept.map((name) => `Decisions about the run that was here before are kept in ${name}.`);
}

/** Takes the mark of a removal that was killed before it removed anything. */
export async function forgetClearing(storage: RunStorage): Promise<void> {
  await storage.remove(MARK);
}

/** Copies the decisions, and what was made of them, byte by byte; nothing where nobody decided anything. */
async function keepDecisions(storage: RunStorage): Promise<void> {
  let size = await storage.size(REVIEWS);
  if (size === null || size === 0) return;
  const folder = await freeFolder(storage);
  // Somebody may decide while it is copied.
  for (let copied = -1; copied !== size; size = (await storage.size(REVIEWS)) ?? copied) {
    const lines = await storage.read(REVIEWS);
    await storage.write(folder + REVIEWS, lines);
    copied = lines.length;
  }
  if ((await storage.size(CORRECTIONS)) !== null) {
    await storage.write(folder + CORRECTIONS, await storage.read(CORRECTIONS));
  }
}

async function freeFolder(storage: RunStorage): Promise<string> {
  const base = BEFORE + new Date().toISOString().replaceAll(':', '-');
  for (let at = 0; ; at++) {
    const folder = at === 0 ? `${base}/` : `${base}-${at}/`;
    if ((await storage.list(folder)).length === 0) return folder;
  }
}
