import { checkArgument, either, record, text } from '@vogjs/base';
import { folderStorage } from './folder.js';
import type { RunStorage } from './storage.js';

/** Where a run is: the path of a folder (Node), or a storage. */
export type RunPlace = string | RunStorage;

export function storageAt(caller: string, place: RunPlace): RunStorage {
  checkArgument(caller, 'place', place, either(text, record));
  return typeof place === 'string' ? folderStorage(place) : place;
}
