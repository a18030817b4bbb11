import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { VogError } from '@vogjs/base';
import { fileStep } from '@vogjs/formats/files';

/**
 * Makes sure of a folder that is this user's alone; without a path it is among the temporary files.
 *
 * @throws VogError FILE_FAILED where it is somebody else's
 */
export async function privateFolder(path?: string): Promise<string> {
  const own = process.getuid?.();
  const mine = path ?? join(tmpdir(), `vogjs-${own ?? 'shards'}`);
  await fileStep('written', mine, () => mkdir(mine, { recursive: true, mode: 0o700 }));
  const found = await fileStep('read', mine, () => lstat(mine));
  // What lies there is gone on with: it must not be what another user has laid there.
  if (!found.isDirectory() || (own !== undefined && found.uid !== own)) {
    throw new VogError(
      'FILE_FAILED',
      `'${mine}' belongs to somebody else. Give this process ${path === undefined ? 'a TMPDIR' : 'another folder'} of its own.`,
    );
  }
  return mine;
}
