import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { callable, checkArgument, checkOptions, flag, requireBytes, VogError } from '@vogjs/base';
import { type ByteSink, fileStep, nodeFiles } from './files.js';
import { removeStale, temporaryName } from './temporary-files.js';

/** What `replaceFile` takes. */
export interface ReplaceOptions {
  /** Whether it waits until the content outlives a loss of power. Default true. */
  readonly durable?: boolean;
}

/** Links that are followed before they count as a circle, as Linux does. */
const MOST_LINKS = 40;

/**
 * Writes a file so that a crash at any moment, of the process or of the machine, leaves either the old content or the
 * new, never a part. It writes to a temporary name in the same folder, flushes it to the disk, renames it, and flushes
 * the folder too. Once it resolves, the new content outlives a loss of power.
 *
 * A file that is there keeps its mode and, where this process may, its owner. A symbolic link stays; what it points to
 * is replaced. A hard link does not: other names keep the old content. Any number of processes and threads may replace
 * one file at once: the last to end wins, whole. Temporary files of dead processes are removed.
 *
 * @param write writes the content; bytes that it leaves out are zeros
 * @param options `durable: false` waits for no disk. Processes see the old content or the new all the same; a loss of
 *   power may cost what the system has not written yet.
 * @throws VogError FILE_FAILED, DISK_FULL, ARGUMENT_INVALID, and what `write` throws; the old content is there then
 */
export async function replaceFile<T>(
  path: string,
  write: (sink: ByteSink) => Promise<T>,
  options: ReplaceOptions = {},
): Promise<T> {
  if (typeof path !== 'string' || path === '') {
    throw new VogError('ARGUMENT_INVALID', `The path of a file must be a text that is not empty; got ${typeof path}.`);
  }
  checkArgument('replaceFile', 'write', write, callable);
  checkOptions('replaceFile', options, { durable: flag });
  const { durable = true } = options;
  const step = <R>(run: () => Promise<R>): Promise<R> => fileStep('written', path, run);
  const { open, rename, rm } = nodeFiles();
  const target = await step(() => targetOf(path));
  const old = await step(() => statOf(target));
  if (old !== null && !old.isFile()) {
    throw new VogError(
      'FILE_FAILED',
      `'${path}' cannot be written: it is ${old.isDirectory() ? 'a folder' : 'not a regular file'}. Give the path of a file.`,
    );
  }
  const folder = parentOf(target);
  await removeStale(folder, baseOf(target));
  const temporary = join(folder, temporaryName(baseOf(target)));
  let result: T;
  try {
    // Never readable to more people than the old file, not even for a moment; and never another's file: 'wx' refuses.
    const file = await step(() => open(temporary, 'wx', old === null ? 0o666 : old.mode & 0o777));
    try {
      result = await write({ write: (position, bytes) => step(() => writeAll(file, bytes, position)) });
      await step(async () => {
        if (old !== null) await keepOwnerAndMode(file, old);
        if (durable) await file.sync();
      });
    } finally {
      await file.close();
    }
    await step(() => rename(temporary, target));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  if (durable) await step(() => syncFolder(folder));
  return result;
}

/** `replaceFile` with content that is in memory. */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const whole = requireBytes('writeFileAtomically', bytes);
  return replaceFile(path, async (sink) => sink.write(0, whole));
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  // A system call may take less than it is given, and none takes 2 GiB.
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(2 ** 30, bytes.length - done);
    done += (await file.write(bytes, done, length, position + done)).bytesWritten;
  }
}

async function keepOwnerAndMode(file: FileHandle, old: Stats): Promise<void> {
  const own = await file.stat();
  // Only a superuser may give files away; for others the new file is their own, as it would be of any new file.
  if (own.uid !== old.uid || own.gid !== old.gid) await file.chown(old.uid, old.gid).catch(() => {});
  if ((own.mode & 0o777) !== (old.mode & 0o777)) await file.chmod(old.mode & 0o777);
}

/** Where a path leads, through symbolic links, also when the last of them points to nothing yet. */
async function targetOf(path: string): Promise<string> {
  const { readlink, realpath } = nodeFiles();
  let target = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    target = join(await realpath(parentOf(target)), baseOf(target));
    try {
      const link = await readlink(target);
      target = isAbsolute(link) ? link : join(parentOf(target), link);
    } catch (error) {
      // No link, or nothing there yet; Windows says UNKNOWN for the first.
      if (['EINVAL', 'ENOENT', 'UNKNOWN'].includes((error as NodeJS.ErrnoException).code ?? '')) return target;
      throw error;
    }
  }
  throw new VogError('FILE_FAILED', `'${path}' cannot be written: its symbolic links lead in a circle.`);
}

async function statOf(path: string): Promise<Stats | null> {
  try {
    return await nodeFiles().stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The rename is in the folder: without this it may be gone after a loss of power. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await nodeFiles().open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Windows opens no folders, and some network file systems flush none: there the rename is as lasting as it gets.
    const unable = ['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'ENOSYS', 'EBADF'];
    if (!unable.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

// Node's path functions, which a browser bundle must not import.
const paths = (): typeof import('node:path') => globalThis.process.getBuiltinModule('node:path');
const parentOf = (path: string): string => paths().dirname(path);
const baseOf = (path: string): string => paths().basename(path);
const join = (folder: string, name: string): string => paths().join(folder, name);
const isAbsolute = (path: string): boolean => paths().isAbsolute(path);
