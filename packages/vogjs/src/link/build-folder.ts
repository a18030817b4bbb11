import { existsSync } from 'node:fs';
import { cp, mkdtemp, realpath, rm, statfs, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shown, VogError } from '@vogjs/base';

/** Room for the add-on and what the compiler leaves. */
export const BUILD_BYTES = 64 * 2 ** 20;

/**
 * Whether a path can stand in a makefile and in the shell lines that make runs. Neither has a way to quote all of
 * spaces, quotes, `#`, `$`, `%` and `:`, and a `$(…)` in a folder's name would be run.
 */
export function isSafeForMake(path: string): boolean {
  return /^[\w./+@-]+$/.test(path);
}

/** A folder to build in, outside of the project where that has a name that make cannot take. */
export interface BuildFolder {
  readonly path: string;
  /** The folder with Node's headers, at a path that make can take. */
  readonly nodeFolder: string;
  remove(): Promise<void>;
}

/**
 * Makes an empty folder to build in: in `staging`, or else among the system's temporary folders. `deps` in it leads to
 * `staging/deps`.
 *
 * @param nodeFolder folder with `include/node`
 * @throws VogError BUILD_FAILED when no folder will do; nothing has been run by then
 */
export async function makeBuildFolder(staging: string, nodeFolder: string): Promise<BuildFolder> {
  const parent = await findParent([staging, tmpdir(), '/tmp', '/var/tmp']);
  const path = await mkdtemp(join(parent, 'vogjs-build-'));
  await symlink(join(staging, 'deps'), join(path, 'deps'));
  return {
    path,
    nodeFolder: await safeHeaders(nodeFolder, path),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

async function findParent(candidates: readonly string[]): Promise<string> {
  for (const candidate of candidates) {
    if (!existsSync(candidate)) continue;
    // make sees the real path, whatever link leads to it.
    const path = await realpath(candidate);
    const { bavail, bsize } = await statfs(path);
    if (isSafeForMake(path) && bavail * bsize > BUILD_BYTES) return path;
  }
  throw new VogError(
    'BUILD_FAILED',
    `make takes no folder with a space, a quote, # or $ in its name, as this project's is, and there is no other with ${BUILD_BYTES / 2 ** 20} MiB free (tried ${candidates.map((folder) => shown(folder, 200)).join(', ')}). Set TMPDIR to one.`,
  );
}

/** gyp follows links and writes where they lead into the makefile, so that headers are copied and not linked. */
async function safeHeaders(nodeFolder: string, buildFolder: string): Promise<string> {
  if (isSafeForMake(await realpath(nodeFolder))) return realpath(nodeFolder);
  const copy = join(buildFolder, 'node');
  await cp(join(nodeFolder, 'include', 'node'), join(copy, 'include', 'node'), { recursive: true });
  return copy;
}
