/** A checkpoint that was found, in a folder or in a store. */
export interface FoundCheckpoint {
  /** Its path or address, for people. */
  readonly path: string;
  /** What it is called in a run. */
  readonly source: string;
  /** Tells it from what it was before. */
  stamps(): Promise<string[]>;
  /** A file that is still to come, where it is known to have more of them; null where all are there. */
  lacking(): Promise<string | null>;
  /** Its name, and a hash of what it holds. */
  content(): Promise<[name: string, hash: string]>;
  /** Has it on this machine, at a path, for as long as `use` takes. */
  use<T>(use: (path: string) => Promise<T>): Promise<T>;
}

/** The checkpoints that a pattern matches. */
export interface CheckpointPlace {
  /** In the order of their names; `others` are files that are none, and `isBusy` that asking less often would be better. */
  find(): Promise<{
    readonly found: readonly FoundCheckpoint[];
    readonly others: readonly string[];
    readonly isBusy: boolean;
  }>;
  /** Whether a file is there whole or not at all: else it may be written just now. */
  readonly isAtomic: boolean;
  /** Milliseconds between two looks at it, and at most where it is busy. */
  readonly looks: readonly [first: number, longest: number];
}
