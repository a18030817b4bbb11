import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { VogError } from '@vogjs/base';
import { folderStorage, openStorage, type RunPlace } from '@vogjs/run';
import type { ListedRun } from '../../api/types.js';
import { Refusal } from '../http/refusal.js';
import { ServedRun } from './served-run.js';

/** The runs that a server shows, by number: one, or those in the folders of a directory. */
export interface Shelf {
  list(): Promise<ListedRun[]>;
  /** The run of a number that `list` gave. */
  run(number: number): ServedRun;
}

/**
 * @param place a run, in a folder or a store, or a directory of runs
 * @throws VogError RUN_ABSENT where neither is, RUN_INVALID and RUN_VERSION for a single run that cannot be read, and those
 *   of the store
 */
export async function openShelf(place: RunPlace): Promise<Shelf> {
  if (typeof place !== 'string') return shelfOf([new ServedRun(place.place, place, null)]);
  if (/^[a-z]\w+:\/\//i.test(place)) {
    const stored = new ServedRun(basename(place), await openStorage(place), null);
    await stored.open();
    return shelfOf([stored]);
  }
  const storage = folderStorage(place);
  if ((await storage.size('run.json')) !== null) {
    const single = new ServedRun(basename(resolve(place)), storage, place);
    await single.open();
    return shelfOf([single, ...(await besideOf(single.name, place))]);
  }
  const runs: ServedRun[] = [];
  const look = async (): Promise<void> => {
    for (const name of await foldersOf(place)) {
      if (runs.some((run) => run.name === name)) continue;
      const inside = folderStorage(join(place, name));
      if ((await inside.size('run.json')) === null) continue;
      runs.push(new ServedRun(name, inside, join(place, name)), ...(await besideOf(name, join(place, name))));
    }
  };
  await look();
  if (runs.length === 0) {
    throw new VogError(
      'RUN_ABSENT',
      `There is no run in '${place}': neither a run.json, nor a folder with one. Give the folder that vogjs score wrote, or the one above it.`,
    );
  }
  return shelfOf(runs, look);
}

function shelfOf(runs: readonly ServedRun[], look: () => Promise<void> = async () => {}): Shelf {
  return {
    async list() {
      await look();
      return Promise.all(runs.map(describe));
    },
    run(number) {
      const run = runs[number];
      if (run === undefined) throw new Refusal(404, `There is no run number ${number}.`);
      return run;
    },
  };
}

/** The out-of-distribution evaluation that `vogjs score` wrote into a run. */
async function besideOf(name: string, folder: string): Promise<ServedRun[]> {
  const place = join(folder, 'ood');
  const storage = folderStorage(place);
  return (await storage.size('run.json')) === null ? [] : [new ServedRun(`${name}/ood`, storage, place)];
}

async function describe(served: ServedRun, run: number): Promise<ListedRun> {
  const { name } = served;
  try {
    const opened = (await served.open()).run;
    const { state, examples, changed } = opened.manifest;
    return { run, name, state, examples, changed, ood: await opened.has('ood.json'), message: null };
  } catch (error) {
    if (!(error instanceof VogError)) throw error;
    return { run, name, state: 'damaged', examples: null, changed: null, ood: false, message: error.message };
  }
}

async function foldersOf(place: string): Promise<string[]> {
  try {
    const entries = await readdir(place, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
