import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { VogError } from '@vogjs/base';
import { fileStep } from '@vogjs/formats/files';
import { isStored, pathIn } from '../../stored.js';
import { hashOf } from './contents.js';

/**
 * The folder in which the shards of a run are under way: beside those that are done, or, where those are in a store, among
 * this user's temporary files.
 *
 * @throws VogError FILE_FAILED where that is somebody else's
 */
export async function workFolder(run: string): Promise<string> {
  if (!isStored(run)) return pathIn(run, 'states');
  const own = process.getuid?.();
  const mine = join(tmpdir(), `vogjs-${own ?? 'shards'}`);
  await fileStep('written', mine, () => mkdir(mine, { recursive: true, mode: 0o700 }));
  const found = await fileStep('read', mine, () => lstat(mine));
  // What lies there is gone on with: it must not be what another user has laid there.
  if (!found.isDirectory() || (own !== undefined && found.uid !== own)) {
    throw new VogError('FILE_FAILED', `'${mine}' belongs to somebody else. Give this process a TMPDIR of its own.`);
  }
  return join(mine, hashOf([run.replace(/\/+$/, '')]).slice(0, 16));
}
