import type { ByteRange } from './storage.js';

/** A file of a bucket, as it was when it was looked at. */
export interface StoredFile {
  /** Its whole name in the bucket. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** The store's mark of these bytes, its ETag; empty where it gives none. */
  readonly version: string;
  /** When it was put there: milliseconds since 1970, of whole seconds; 0 where the store does not say. */
  readonly changed: number;
}

/** A part of a file, of the version that was asked for. */
export interface StoredPart {
  readonly bytes: Uint8Array;
  /** Whether the version is the MD5 of the whole file, as stores have it of what was put there at once. */
  readonly isMd5: boolean;
}

/** The files of a bucket, to read: what is not a run, such as data and checkpoints. */
export interface Bucket {
  /** For messages: `s3://bucket`. */
  readonly place: string;
  /**
   * The files whose keys begin with `prefix`, in order of their code units. `isBusy`: the store did not answer at once, or
   * said to be asked less often.
   */
  list(prefix: string): Promise<{ readonly files: readonly StoredFile[]; readonly isBusy: boolean }>;
  /** One file; null where there is none. */
  find(key: string): Promise<StoredFile | null>;
  /** A part of a file; null where it is gone or another by now. */
  read(file: StoredFile, range: ByteRange): Promise<StoredPart | null>;
}
