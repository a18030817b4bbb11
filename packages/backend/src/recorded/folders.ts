import type * as fs from 'node:fs';
import type * as os from 'node:os';
import type * as path from 'node:path';

/** Begins the names of our folders in the folder for temporary files; the process's number follows. */
const PREFIX = 'vogjs-recorded-';
/** A folder lives for milliseconds. One this old has no owner, whatever number a process of another container has. */
const STALE_MS = 60_000;

interface Modules {
  readonly fs: typeof fs;
  readonly os: typeof os;
  readonly path: typeof path;
}

/** Asked of the running program and not imported: what is bundled for a page must not name a module of Node. */
function modules(): Modules {
  const { process } = globalThis as { readonly process?: { getBuiltinModule?(name: string): unknown } };
  const get = (name: string): unknown => process?.getBuiltinModule?.(name);
  const found = { fs: get('node:fs'), os: get('node:os'), path: get('node:path') };
  if (found.fs === undefined) throw new Error('this Node has no process.getBuiltinModule: 20.16 or later has');
  return found as Modules;
}

/** Whether this process has looked for what others left: they are few, and the folder may hold thousands of names. */
let isSwept = false;

/**
 * Gives `use` a new folder of its own for temporary files, with one file in it; afterwards both are gone. The first one
 * of a process removes what killed processes left.
 */
export function inTemporaryFolder<T>(name: string, content: Uint8Array, use: (folder: string) => T): T {
  if (!isSwept) removeStaleFolders();
  isSwept = true;
  const { fs: files, os: system, path: paths } = modules();
  const folder = files.mkdtempSync(paths.join(system.tmpdir(), `${PREFIX}${process.pid}-`));
  try {
    files.writeFileSync(paths.join(folder, name), content, { mode: 0o600 });
    return use(folder);
  } finally {
    files.rmSync(folder, { recursive: true, force: true });
  }
}

/** Removes what processes that were killed have left: folders of ours whose process is gone. */
export function removeStaleFolders(now = Date.now()): void {
  const { fs: files, os: system, path: paths } = modules();
  const parent = system.tmpdir();
  let names: string[] = [];
  try {
    names = files.readdirSync(parent).filter((name) => name.startsWith(PREFIX));
  } catch {
    return;
  }
  for (const name of names) {
    const folder = paths.join(parent, name);
    try {
      const age = now - files.lstatSync(folder).mtimeMs;
      if (age > STALE_MS && !isAlive(Number.parseInt(name.slice(PREFIX.length), 10))) {
        files.rmSync(folder, { recursive: true, force: true });
      }
    } catch {
      // Another process removed it first, or it is somebody else's.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { readonly code?: string }).code !== 'ESRCH';
  }
}
