import { hashStrings } from '@vogjs/base';
import { nodeFiles } from './files.js';

/** A file's name must leave room for what is added to it: most systems allow 255 bytes. */
const LONGEST_STEM = 180;
/** How much clocks of files and processes may disagree. */
const CLOCK_SLACK = 60_000;

/**
 * Says which process is at something, `PID-HOST-RANDOM`: what a dead one left behind can be told from what a living one is
 * at.
 */
export function ownerMark(): string {
  const random = [...globalThis.crypto.getRandomValues(new Uint8Array(8))].map((byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return `${globalThis.process.pid}-${host()}-${random.join('')}`;
}

/**
 * Whether the process of a mark is dead: of this machine, and no such process any more. False where it cannot be told.
 *
 * @param written when the mark was made, in milliseconds since 1970
 */
export function isOwnerDead(mark: string, written: number): boolean {
  const [, pid, machine] = /^(\d{1,10})-([0-9a-f]{16})-[0-9a-f]{16}$/.exec(mark) ?? [];
  return pid !== undefined && machine === host() && isDead(Number(pid), written);
}

/** A name for a file that is being written in the place of `base`: `BASE.MARK.tmp`, with the mark of its owner. */
export function temporaryName(base: string): string {
  return `${stemOf(base)}.${ownerMark()}.tmp`;
}

/**
 * Removes the temporary files of `base` whose writers are dead: same machine, same user, and no such process any more.
 * What cannot be told or removed stays: nothing depends on it.
 */
export async function removeStale(folder: string, base: string): Promise<void> {
  const { readdir, lstat, rm } = nodeFiles();
  const prefix = `${stemOf(base)}.`;
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const [, mark] = /^([^.]+)\.tmp$/.exec(name.slice(prefix.length)) ?? [];
    if (mark === undefined) continue;
    const path = `${folder}/${name}`;
    try {
      const stat = await lstat(path);
      const mine = globalThis.process.getuid === undefined || stat.uid === globalThis.process.getuid();
      if (stat.isFile() && mine && isOwnerDead(mark, stat.mtimeMs)) await rm(path, { force: true });
    } catch {
      // Another process was faster, or this one lacks the permission.
    }
  }
}

function isDead(pid: number, written: number): boolean {
  // In a container every run has the same number: what is older than this process is of one before it.
  if (pid === globalThis.process.pid) return written < Date.now() - globalThis.process.uptime() * 1000 - CLOCK_SLACK;
  try {
    globalThis.process.kill(pid, 0); // signal 0 asks only
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function stemOf(base: string): string {
  if (new TextEncoder().encode(base).length <= LONGEST_STEM) return base;
  return `${[...base].slice(0, 30).join('')}-${hashStrings([base])}`;
}

/** Which machine: on a shared folder the processes of others cannot be asked. */
const host = (): string => hashStrings([globalThis.process.getBuiltinModule('node:os').hostname()]);
