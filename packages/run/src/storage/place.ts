import { checkArgument, either, record, text, VogError } from '@vogjs/base';
import { folderStorage } from './folder.js';
import type { RunStorage } from './storage.js';

/** Where a run is: the path of a folder (Node), `s3://bucket/prefix`, or a storage. */
export type RunPlace = string | RunStorage;

/**
 * The storage at a place, for files of your own beside those of a run.
 *
 * ```ts
 * const storage = await openStorage('s3://bucket/runs/photos');
 * console.log(await storage.list(''));
 * ```
 *
 * @param place path of a folder (Node), `s3://bucket/prefix`, or a storage
 * @throws VogError STORAGE_ADDRESS
 */
export function openStorage(place: RunPlace): Promise<RunStorage> {
  return storageAt('openStorage', place);
}

/** @throws VogError STORAGE_ADDRESS */
export async function storageAt(caller: string, place: RunPlace): Promise<RunStorage> {
  checkArgument(caller, 'place', place, either(text, record));
  if (typeof place !== 'string') return place;
  const [, kind] = /^([a-z][\w+.-]+):\/\//i.exec(place) ?? [];
  if (kind === undefined) return folderStorage(place);
  if (kind === 's3') return (await import('./s3/s3-storage.js')).s3Storage(place);
  throw new VogError('STORAGE_ADDRESS', `${caller} reads and writes folders and s3://bucket/prefix, not ${kind}://.`);
}
