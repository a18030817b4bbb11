import { join } from 'node:path';
import process from 'node:process';
import { VogError } from '@vogjs/base';
import { privateFolder } from '../private-folder.js';

/** Gigabytes that copies take at most, unless told. */
const GIGABYTES = 20;

/** Where copies of what is in stores are kept, and how many bytes they may take. */
export interface CopySettings {
  readonly folder: string;
  readonly bytes: number;
}

/**
 * The folder for copies and its size are this machine's, and no option of a run: workers of one run may have others.
 *
 * @throws VogError CONFIG_INVALID, FILE_FAILED
 */
export async function copySettings(): Promise<CopySettings> {
  const { VOGJS_CACHE: folder = '', VOGJS_CACHE_GB: size = '' } = process.env;
  const gigabytes = size.trim() === '' ? GIGABYTES : Number(size);
  if (!(gigabytes > 0 && gigabytes < 1e9)) {
    throw new VogError(
      'CONFIG_INVALID',
      `VOGJS_CACHE_GB must be a number of gigabytes above 0, such as 50; got '${size}'.`,
    );
  }
  const own = folder.trim() === '' ? join(await privateFolder(), 'copies') : folder.trim();
  return { folder: await privateFolder(own), bytes: gigabytes * 1e9 };
}
