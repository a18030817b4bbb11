import { join } from 'node:path';
import { isStored, pathIn } from '../../stored.js';
import { privateFolder } from '../private-folder.js';
import { hashOf } from '../data/content.js';

/**
 * The folder in which the shards of a run are under way: beside those that are done, or, where those are in a store, among
 * this user's temporary files.
 *
 * @throws VogError FILE_FAILED where that is somebody else's
 */
export async function workFolder(run: string): Promise<string> {
  if (!isStored(run)) return pathIn(run, 'states');
  return join(await privateFolder(), hashOf([run.replace(/\/+$/, '')]).slice(0, 16));
}
