import { callable, checkArgument, VogError } from '@vogjs/base';

/** Node's files, without an import of `node:` that a browser bundle would trip over. */
export function nodeFiles(): typeof import('node:fs/promises') {
  const files = globalThis.process?.getBuiltinModule?.('node:fs/promises');
  if (files === undefined) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'There are no files here to save to or load from. In a browser use serialise(), which gives bytes, and load(bytes).',
    );
  }
  return files;
}

/** Bytes that are read by their position: a file, or bytes in memory. */
export interface ByteSource {
  /** Number of bytes. */
  readonly size: number;
  /** Fills `into` with the bytes from `position` on; the source has that many, or it throws. */
  read(position: number, into: Uint8Array): Promise<void>;
}

/** Where bytes go, by their position. */
export interface ByteSink {
  /** Called once, before the first write: how many bytes there will be. */
  open?(byteLength: number): void | Promise<void>;
  /** Takes the bytes before it resolves: the array may be reused or change afterwards. */
  write(position: number, bytes: Uint8Array): void | Promise<void>;
}

/** Bytes that are read or written at once: the most that a file takes of memory beside what it is read into. */
export const PIECE_BYTES = 2 ** 24;

/**
 * Opens a file for as long as `use` takes.
 *
 * @throws VogError FILE_FAILED when it cannot be read
 */
export async function withFile<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  checkArgument('withFile', 'use', use, callable);
  const file = await fileStep('read', path, () => nodeFiles().open(path, 'r'));
  try {
    const { size } = await fileStep('read', path, () => file.stat());
    return await use({
      size,
      async read(position, into) {
        for (let done = 0; done < into.length;) {
          const length = Math.min(PIECE_BYTES, into.length - done);
          const { bytesRead } = await fileStep('read', path, () => file.read(into, done, length, position + done));
          if (bytesRead === 0) {
            throw new VogError(
              'FORMAT_TRUNCATED',
              `'${path}' ends at byte ${position + done}: it became shorter while it was read. Read it again.`,
            );
          }
          done += bytesRead;
        }
      },
    });
  } finally {
    await file.close();
  }
}

/** Bytes in memory as a source. */
export function sourceOfBytes(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    async read(position, into) {
      into.set(bytes.subarray(position, position + into.length));
    },
  };
}

/** Runs one step on a file; what the system refuses becomes a VogError that says which file, and what to do. */
export async function fileStep<T>(what: 'read' | 'written', path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof VogError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = REASON[code] ?? (error instanceof Error ? error.message : String(error));
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new VogError(
        'DISK_FULL',
        `'${path}' cannot be ${what}: the disk is full (${reason}). What was there before is as it was. Make room, and save again.`,
        { cause: error },
      );
    }
    throw new VogError('FILE_FAILED', `'${path}' cannot be ${what}: ${reason}.${ADVICE[what][code] ?? ''}`, {
      cause: error,
    });
  }
}

/** What the system says with codes and calls, in words. */
const REASON: Readonly<Record<string, string>> = { ENOENT: 'there is no such file or folder' };

type Advice = Readonly<Record<string, string>>;

const BOTH: Advice = {
  EEXIST: ' A file of that name is in the way: give another path.',
  ENOTDIR: ' Check the path: a part of it is a file, not a folder.',
  EISDIR: ' It is a folder: give the path of a file.',
  EACCES: ' This process lacks the permission.',
  EPERM: ' This process lacks the permission.',
  EROFS: ' The file system is read-only.',
  EFBIG: ' The file is larger than this system or this shell (ulimit -f) allows.',
};

const ADVICE: Readonly<Record<'read' | 'written', Advice>> = {
  read: { ...BOTH, ENOENT: ' Check the path.' },
  written: { ...BOTH, ENOENT: ' Check the path: its folder must exist.' },
};
