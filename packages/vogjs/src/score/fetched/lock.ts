import { readFile, rename, rm, stat, utimes, writeFile, link } from 'node:fs/promises';
import { fileStep, isOwnerDead, ownerMark } from '@vogjs/formats/files';

/** Between two signs of life of who has the lock. */
const BEAT = 5000;
/** One without a sign of life for so long is dead: also where its process cannot be asked. */
const STALE = 60_000;
/** Milliseconds between two looks at a lock that another has: at first, and at most. */
const LOOK = 20;
const LONGEST_LOOK = 1000;

/**
 * Does something while no other process of this machine is at it: whoever comes later waits until the first is done, or
 * dead.
 *
 * @param path of a file that marks it; its folder must exist
 * @throws VogError FILE_FAILED, DISK_FULL
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const mark = ownerMark();
  for (let look = LOOK; !(await take(path, mark)); look = Math.min(LONGEST_LOOK, 1.5 * look)) {
    await breakStale(path);
    await new Promise((resolve) => setTimeout(resolve, look));
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), BEAT);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if ((await markOf(path)) === mark) await rm(path, { force: true });
  }
}

async function take(path: string, mark: string): Promise<boolean> {
  return fileStep('written', path, () =>
    writeFile(path, mark, { flag: 'wx' }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    ),
  );
}

/** Takes a lock away whose owner is dead. */
async function breakStale(path: string): Promise<void> {
  const mark = await markOf(path);
  const written = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
  if (mark === null || written === null) return;
  if (!isOwnerDead(mark, written) && Date.now() - written < STALE) return;
  const away = `${path}.${ownerMark()}`;
  const isMine = await rename(path, away).then(
    () => true,
    () => false,
  );
  // Between the look and the move somebody may have broken it, and a living process have taken it: that gets it back.
  if (isMine && (await markOf(away)) !== mark) await link(away, path).catch(() => {});
  await rm(away, { force: true });
}

async function markOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}
