import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord, parseJson, VogError } from '@vogjs/base';
import { fileStep, isOwnerDead, ownerMark } from '@vogjs/formats/files';
import type { Bucket } from '@vogjs/run';
import { hashOf } from '../data/content.js';
import { download, isHere, type WantedFile } from './download.js';
import { fetchNews, type NewsStream } from './fetch-news.js';
import { withLock } from './lock.js';
import { type CopySettings, copySettings } from './settings.js';

/** Files that belong together, as they are in a store: one, or those of a folder. */
export interface Wanted {
  /** For messages: their address. */
  readonly address: string;
  readonly bucket: Bucket;
  readonly files: readonly WantedFile[];
}

/** Copies that are here until they are let go. */
export interface HeldCopy {
  /** The folder that has the files by their names. */
  readonly folder: string;
  release(): Promise<void>;
}

/** How long copies that others use just now are waited for, where they leave no room: milliseconds. */
const PATIENCE = 60_000;
/** Between two looks at them. */
const LOOK = 500;
const ENTRY = /^[0-9a-f]{32}$/;
/** What is on its way out. */
const GONE = /^gone-/;

/** Bytes that this process holds itself, in each folder: waiting for them would have no end. */
const heldHere = new Map<string, number>();

/**
 * Copies of what is in stores, on this machine: fetched once by whoever is first, used by all processes of this user. They
 * take so many bytes at most: those that were not used for longest make room, but none that a living process holds.
 */
export class Copies {
  constructor(
    private readonly settings: CopySettings,
    private readonly patience = PATIENCE,
    private readonly news: NewsStream | null = null,
  ) {}

  /** @param news where it is told how far a long fetch is */
  static async open(news: NewsStream | null): Promise<Copies> {
    return new Copies(await copySettings(), PATIENCE, news);
  }

  /**
   * Has files here, whole and of the versions that are asked for, until they are let go.
   *
   * @throws VogError DISK_FULL where they do not fit beside what is held, and those of `download`
   */
  async hold(wanted: Wanted): Promise<HeldCopy> {
    const { address, bucket, files } = wanted;
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    const entry = join(this.settings.folder, nameOf(wanted));
    const hold = await this.admitted(entry, bytes, address);
    this.holding(bytes);
    let isHeld = true;
    const release = async (): Promise<void> => {
      if (isHeld) this.holding(-bytes);
      isHeld = false;
      await rm(hold, { force: true });
    };
    const folder = join(entry, 'files');
    try {
      await withLock(join(entry, 'lock'), async () => {
        for (const { name, file } of files) {
          if (await isHere(join(folder, name), file)) continue;
          const { got, end } = fetchNews(address, { files: files.length, bytes }, this.news);
          return download(bucket, files, folder, join(entry, 'parts'), got).finally(end);
        }
      });
    } catch (error) {
      await release();
      throw error;
    }
    return { folder, release };
  }

  private holding(bytes: number): void {
    heldHere.set(this.settings.folder, this.held + bytes);
  }

  private get held(): number {
    return heldHere.get(this.settings.folder) ?? 0;
  }

  /** Waits for room; gives the file that holds the entry. */
  private async admitted(entry: string, bytes: number, address: string): Promise<string> {
    const { folder, bytes: most } = this.settings;
    const until = performance.now() + this.patience;
    for (;;) {
      const hold = await withLock(join(folder, 'lock'), () => this.admit(entry, bytes, address));
      if (hold !== null) return hold;
      if (this.held + bytes > most || performance.now() > until) throw this.tooLarge(address, bytes);
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }

  /** Makes room and an entry, where there is none; null where others hold too much. */
  private async admit(entry: string, bytes: number, address: string): Promise<string | null> {
    const about = join(entry, 'entry.json');
    if ((await entryAt(entry)) === null) {
      if (!(await this.makeRoom(bytes))) return null;
      await fileStep('written', entry, async () => {
        await rm(entry, { recursive: true, force: true });
        await mkdir(join(entry, 'held'), { recursive: true });
        await writeFile(about, JSON.stringify({ version: 1, bytes, from: address }));
      });
    }
    const now = new Date();
    const hold = join(entry, 'held', ownerMark());
    await fileStep('written', entry, async () => {
      await utimes(about, now, now);
      await writeFile(hold, '');
    });
    return hold;
  }

  private async makeRoom(bytes: number): Promise<boolean> {
    const { folder, bytes: most } = this.settings;
    const names = await fileStep('read', folder, () => readdir(folder));
    const found: Entry[] = [];
    for (const name of names) {
      const path = join(folder, name);
      const entry = ENTRY.test(name) ? await entryAt(path) : null;
      if (entry !== null) found.push(entry);
      // What a process that died had begun to take away, or to make.
      else if (GONE.test(name) || ENTRY.test(name)) await remove(path);
    }
    let taken = found.reduce((sum, entry) => sum + entry.bytes, 0);
    for (const entry of found.toSorted((a, b) => a.used - b.used)) {
      if (taken + bytes <= most) break;
      if (await isHeld(entry.path)) continue;
      const gone = join(folder, `gone-${ownerMark()}`);
      await fileStep('written', entry.path, () => rename(entry.path, gone));
      await remove(gone);
      taken -= entry.bytes;
    }
    return taken + bytes <= most;
  }

  private tooLarge(address: string, bytes: number): VogError {
    const { folder, bytes: most } = this.settings;
    const others =
      this.held + bytes > most
        ? `, of which this process holds ${gigabytes(this.held)}`
        : ', and others hold what is there';
    const why = bytes > most ? '' : others;
    return new VogError(
      'DISK_FULL',
      `${address} has ${gigabytes(bytes)}, and copies of what is in stores may take ${gigabytes(most)} in '${folder}'${why}. ` +
        'Set VOGJS_CACHE_GB to more, and VOGJS_CACHE to a folder of a disk with room for it.',
    );
  }
}

interface Entry {
  readonly path: string;
  readonly bytes: number;
  /** When it was last asked for. */
  readonly used: number;
}

/** What is at a path; null where there is nothing, or nothing that can be read. */
async function entryAt(path: string): Promise<Entry | null> {
  const about = join(path, 'entry.json');
  try {
    const told = parseJson(await readFile(about, 'utf8'));
    const bytes = isRecord(told) && told['version'] === 1 ? told['bytes'] : undefined;
    return typeof bytes === 'number' ? { path, bytes, used: (await stat(about)).mtimeMs } : null;
  } catch {
    return null;
  }
}

async function isHeld(entry: string): Promise<boolean> {
  const folder = join(entry, 'held');
  for (const mark of await readdir(folder).catch(() => [])) {
    const found = await stat(join(folder, mark)).catch(() => null);
    if (found === null) continue;
    if (!isOwnerDead(mark, found.mtimeMs)) return true;
    await rm(join(folder, mark), { force: true });
  }
  return false;
}

async function remove(path: string): Promise<void> {
  // What Windows does not let go yet goes the next time.
  await rm(path, { recursive: true, force: true }).catch(() => {});
}

/** The same files in the same versions have one name. */
function nameOf({ bucket, files }: Wanted): string {
  const facts = files.flatMap(({ name, file: { key, size, version, changed } }) => [
    name,
    key,
    String(size),
    version === '' ? String(changed) : version,
  ]);
  return hashOf([bucket.place, ...facts]).slice(0, 32);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}
