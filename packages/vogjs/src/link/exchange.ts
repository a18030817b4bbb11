// What lies in the package and what was there before. Folders are exchanged by renaming: no file that the package
// manager may share with other projects is ever written into.
//
//   PACKAGE/deps, lib              in use
//   PACKAGE/.vogjs-link/staging    being built
//   PACKAGE/.vogjs-link/previous   set aside while the new one is verified
//   PACKAGE/.vogjs-link/original   what the package manager had installed; undo puts it back
//   PACKAGE/.vogjs-link/link.json  what is linked
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';

const FOLDERS = ['deps', 'lib'] as const;

/** What is linked into a package. */
export interface LinkRecord {
  readonly package: string;
  readonly source: string;
  readonly tensorflow: string;
  readonly date: string;
}

const place = (folder: string, ...parts: string[]): string => join(folder, '.vogjs-link', ...parts);

/** An empty staging folder; what an interrupted link left is put back first. */
export async function prepareStaging(folder: string): Promise<string> {
  if (existsSync(place(folder, 'previous'))) await restore(folder, 'previous');
  await rm(place(folder, 'staging'), { recursive: true, force: true });
  await mkdir(place(folder, 'staging'), { recursive: true });
  return place(folder, 'staging');
}

/** Puts the staged folders in the place of the present ones, which are set aside. */
export async function exchange(folder: string): Promise<void> {
  await mkdir(place(folder, 'previous'));
  for (const name of FOLDERS) {
    if (existsSync(join(folder, name))) await rename(join(folder, name), place(folder, 'previous', name));
    await rename(place(folder, 'staging', name), join(folder, name));
  }
}

/** Keeps the exchange: the first one's previous folders become the original ones. */
export async function keepExchange(folder: string, record: LinkRecord): Promise<void> {
  await writeFile(place(folder, 'link.json'), `${JSON.stringify(record, null, 2)}\n`);
  if (existsSync(place(folder, 'original'))) await rm(place(folder, 'previous'), { recursive: true });
  else await rename(place(folder, 'previous'), place(folder, 'original'));
  await rm(place(folder, 'staging'), { recursive: true, force: true });
}

/** Takes the exchange back, and what was staged away. */
export async function abandon(folder: string): Promise<void> {
  if (existsSync(place(folder, 'previous'))) await restore(folder, 'previous');
  await rm(place(folder, 'staging'), { recursive: true, force: true });
  if (!existsSync(place(folder, 'original'))) await rm(place(folder), { recursive: true, force: true });
}

/**
 * Puts back what the package manager had installed, and removes every trace of the link.
 *
 * @returns what was linked; null where a link had been interrupted
 * @throws VogError NOT_LINKED
 */
export async function undoLink(folder: string): Promise<LinkRecord | null> {
  if (!existsSync(place(folder))) {
    throw new VogError('NOT_LINKED', `${folder} is as its package manager installed it: there is nothing to undo.`);
  }
  const record = await readRecord(folder);
  // An interrupted link: what is set aside is older than what is in use.
  if (existsSync(place(folder, 'previous'))) await restore(folder, 'previous');
  if (existsSync(place(folder, 'original'))) await restore(folder, 'original');
  await rm(place(folder), { recursive: true, force: true });
  return record;
}

/** What is linked; null where the record is missing or damaged, which is no reason not to undo. */
async function readRecord(folder: string): Promise<LinkRecord | null> {
  try {
    const record = JSON.parse(await readFile(place(folder, 'link.json'), 'utf8')) as LinkRecord | null;
    return typeof record?.source === 'string' ? record : null;
  } catch {
    return null;
  }
}

async function restore(folder: string, from: 'previous' | 'original'): Promise<void> {
  for (const name of FOLDERS) {
    const aside = existsSync(place(folder, from, name));
    // Interrupted between the two: a folder that was not set aside yet is still the right one.
    const untouched = from === 'previous' && !aside && existsSync(place(folder, 'staging', name));
    if (untouched) continue;
    await rm(join(folder, name), { recursive: true, force: true });
    if (aside) await rename(place(folder, from, name), join(folder, name));
  }
  await rm(place(folder, from), { recursive: true, force: true });
}
