import { VogError } from '@vogjs/base';

/** Bytes `start` to `end - 1` of a file. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where runs are kept: a folder, an object store, the origin's private files in a page. Names are relative, with `/`
 * between folders: `scores.parquet`, `thumbs/0000.png`.
 */
export interface RunStorage {
  /** For messages: a path or an address, without credentials. */
  readonly place: string;
  /** Names of all files that begin with `prefix`, in order of their code units. */
  list(prefix: string): Promise<string[]>;
  /** Number of bytes; null where there is no such file. */
  size(name: string): Promise<number | null>;
  /** A file, or a range of it. Rejects with RUN_ABSENT where there is none. */
  read(name: string, range?: ByteRange): Promise<Uint8Array>;
  /** Puts a file there whole, or leaves what was there; once it resolves the content outlives a loss of power. */
  write(name: string, content: Uint8Array): Promise<void>;
  /**
   * Puts a file there whole unless there is one: the first writer wins. False where there was one, which stays. A storage
   * without it has the last writer win.
   */
  create?(name: string, content: Uint8Array): Promise<boolean>;
  /**
   * Adds bytes to the end of a file, which is made if it is missing, lasting once it resolves. Appends of several
   * writers may come in any order; none is lost.
   */
  append(name: string, content: Uint8Array): Promise<void>;
  /** Takes a file away, for good once it resolves; where there is none it does nothing. */
  remove(name: string): Promise<void>;
}

/** Refuses names that could lead out of the run, whoever gave them. */
export function checkName(name: string): string {
  const parts = name.split('/');
  const bad = parts.some((part) => part === '' || part === '.' || part === '..' || /[\\:\0]/.test(part));
  if (!bad) return name;
  throw new VogError(
    'ARGUMENT_INVALID',
    `'${name}' is not a name of a file in a run: give a relative name with '/' between folders.`,
  );
}

/** The error of a file that is not there. */
export function absent(place: string, name: string): VogError {
  return new VogError(
    'RUN_ABSENT',
    `There is no ${name} in ${place}. Check the path; if the run was copied, copy all of its files.`,
  );
}
