// Every package, built and packed. Test files run side by side: while one compiles, another would pack half of it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const lock = join(root, '.scratch/packing');
/** A lock this old is from a process that was killed. */
const FORGOTTEN = 300_000;

/** @returns the tarball of each package, by name, in `folder` */
export async function packedInto(folder: string): Promise<Record<string, string>> {
  mkdirSync(join(root, '.scratch'), { recursive: true });
  while (!taken()) await sleep(500);
  try {
    node('build.mjs');
    return JSON.parse(node('pack.mjs', folder)) as Record<string, string>;
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** What a script of the workspace prints. */
function node(script: string, ...args: string[]): string {
  const command = [join(root, 'scripts', script), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`scripts/${script} failed\n${stdout}${stderr}`);
}

/** The package.json inside a tarball. */
export function manifestOf(tarball: string): { version: string } {
  const { stdout } = spawnSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' });
  return JSON.parse(stdout) as { version: string };
}

/** Making a folder succeeds for one process only. */
function taken(): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > FORGOTTEN) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
