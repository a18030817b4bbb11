import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, mkdir, open, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { VogError } from '@vogjs/base';
import { fileStep } from '@vogjs/formats/files';
import type { Bucket, StoredFile } from '@vogjs/run';

/** A file of a store, and what it is called here: a relative name with `/` between folders. */
export interface WantedFile {
  readonly name: string;
  readonly file: StoredFile;
}

/** Bytes that are asked for at once. */
const PIECE = 2 ** 23;
/** Files that are on their way at once: of many small ones most of the time is waiting. */
const AT_ONCE = 8;

/**
 * Brings files here. What is there already stays, and a file that was begun is gone on with: all have the version that is
 * asked for, or none.
 *
 * @param folder of the files; `parts` is that of those that are under way
 * @param got is told of bytes that are here, those of before among them
 * @throws VogError STORAGE_ABSENT for one that was changed meanwhile, STORAGE_DAMAGED, and those of the store and the disk
 */
export async function download(
  bucket: Bucket,
  wanted: readonly WantedFile[],
  folder: string,
  parts: string,
  got: (bytes: number) => void = () => {},
): Promise<void> {
  await fileStep('written', parts, () => mkdir(parts, { recursive: true }));
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < wanted.length; at = next++) {
      const { name, file } = wanted[at] as WantedFile;
      await downloadOne(bucket, file, join(folder, name), join(parts, String(at)), got);
    }
  };
  const working = Array.from({ length: Math.min(AT_ONCE, wanted.length) }, () =>
    work().catch((error: unknown) => {
      // The others begin no further file.
      next = wanted.length;
      throw error;
    }),
  );
  // Nothing is on its way any more when somebody else goes on.
  const ends = await Promise.allSettled(working);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  await rm(parts, { recursive: true, force: true });
}

/** Whether a file is here whole: it gets its name when it is. */
export async function isHere(path: string, { size }: StoredFile): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile() && found.size === size,
    () => false,
  );
}

async function downloadOne(
  bucket: Bucket,
  file: StoredFile,
  path: string,
  part: string,
  got: (bytes: number) => void,
): Promise<void> {
  if (await isHere(path, file)) return got(file.size);
  // A mark that looks like an MD5 and is none comes out the same each time; bytes that were damaged do not.
  let before: string | null = null;
  for (;;) {
    const isMd5 = await fetchPart(bucket, file, part, before === null ? got : () => {});
    if (!isMd5) break;
    const digest = await md5Of(part);
    if (`"${digest}"` === file.version || digest === before) break;
    await rm(part, { force: true });
    if (before !== null) {
      throw new VogError(
        'STORAGE_DAMAGED',
        `${bucket.place}/${file.key} came with other bytes each time. Look at what is between, such as a proxy.`,
      );
    }
    before = digest;
  }
  await fileStep('written', path, async () => {
    await utimes(part, new Date(), timeOf(file));
    await mkdir(dirname(path), { recursive: true });
    await rename(part, path);
  });
}

/** Fetches what is lacking of a file; gives whether its version is the MD5 of its bytes. */
async function fetchPart(
  bucket: Bucket,
  file: StoredFile,
  path: string,
  got: (bytes: number) => void,
): Promise<boolean> {
  const target = await fileStep('written', path, () => open(path, constants.O_RDWR | constants.O_CREAT));
  let isMd5 = false;
  try {
    const { size: there } = await target.stat();
    // The last byte is asked for in any case: with it comes what the mark is.
    const first = Math.min(there, Math.max(0, file.size - 1));
    got(first);
    for (let at = first; at < file.size;) {
      const end = Math.min(file.size, at + PIECE);
      const piece = await bucket.read(file, { start: at, end });
      if (piece === null) {
        throw new VogError(
          'STORAGE_ABSENT',
          `${bucket.place}/${file.key} was changed or removed while it was fetched. Give the same command again when it stays as it is.`,
        );
      }
      isMd5 = piece.isMd5;
      const from = at;
      await fileStep('written', path, async () => {
        for (let done = 0; done < piece.bytes.length;) {
          done += (await target.write(piece.bytes, done, piece.bytes.length - done, from + done)).bytesWritten;
        }
      });
      at = end;
      got(end - from);
    }
  } finally {
    await target.close();
  }
  return isMd5;
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5');
  await fileStep('read', path, () => pipeline(createReadStream(path), hash));
  return hash.digest('hex');
}

/**
 * The file's time in the store, on every machine: by size and time readers tell data from what it was before. Stores say
 * seconds; the thousandths are of its version, so that two of one second differ.
 */
function timeOf({ changed, version }: StoredFile): Date {
  return new Date(changed + (createHash('md5').update(version).digest().readUInt16BE(0) % 1000));
}
