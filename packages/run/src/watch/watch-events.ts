/** A score column over all examples at one checkpoint. */
export interface WatchedColumn {
  /** `aum` for the one column of a metric, else `data-maps.confidence`. */
  readonly name: string;
  readonly hardDirection: 'high' | 'low';
  /** Examples that have a score. */
  readonly scored: number;
  readonly mean: number;
  /** Values below which lie 5, 25, 50, 75 and 95 % of the scores. */
  readonly bands: readonly number[];
}

/** An example and where it stands. */
export interface WatchedExample {
  /** Position in the probe. */
  readonly row: number;
  readonly id: string | number;
  readonly label: number | null;
  readonly value: number;
  /** Its rank at the standing before, 1 the hardest; null where it had none. */
  readonly was: number | null;
}

/** An example that was easy early and is hard late. */
export interface Flip {
  readonly row: number;
  readonly id: string | number;
  readonly label: number | null;
  /** Ranks, 1 the hardest. */
  readonly from: number;
  readonly to: number;
}

/** Examples of the easy half early in training that are among the hardest tenth now. */
export interface Flips {
  /** What is compared: a window, or the first standing. */
  readonly early: string;
  readonly late: string;
  readonly count: number;
  /** Those that rose most, first. */
  readonly first: readonly Flip[];
}

/** Where training stands. */
export interface WatchedPosition {
  readonly epoch: number;
  readonly epochsCompleted: number;
  readonly step: number;
  readonly progress: number | null;
}

/** Bytes. */
export interface WatchedMemory {
  /** States of all metrics, as `tracker.plan()` told them before. */
  readonly states: number;
  /** The whole process; null where that is not known. */
  readonly process: number | null;
}

/** What a watched training tells, by type. JSON: numbers that are not finite are null in a file. */
export interface WatchEvents {
  /** A tracker begins to be watched: anew, or gone on with. */
  watch: {
    readonly metrics: readonly string[];
    readonly examples: number;
    readonly checkpoints: number;
  };
  /** Between checkpoints, every few seconds. */
  position: WatchedPosition & { readonly epochs: number | null; readonly stepsPerEpoch: number | null };
  /** Losses and metrics of an epoch, by the names that fit has for them. */
  logs: { readonly epoch: number; readonly logs: Readonly<Record<string, number>> };
  /** A checkpoint was scored. */
  standing: {
    readonly checkpoint: number;
    readonly position: WatchedPosition;
    readonly epochs: number | null;
    readonly window: string;
    /** All of them, in order; none where training has none. */
    readonly windows: readonly string[];
    /** Of the checkpoint's pass; and of the processor, where that is known, for making this standing. */
    readonly milliseconds: number;
    readonly watching: number;
    readonly figures: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly memory: WatchedMemory;
    /** Null where only its figures are told: making the rest would have cost training too much. */
    readonly scores: WatchedScores | null;
  };
  diverged: {
    readonly checkpoint: number;
    readonly examples: number;
    readonly total: number;
    readonly skipped: boolean;
  };
  failed: { readonly name: string; readonly message: string };
  /** The tracker was reset, or disposed: what was told before stays what it was. */
  reset: Readonly<Record<string, never>>;
  ended: Readonly<Record<string, never>>;
}

/** What the scores of one checkpoint say. */
export interface WatchedScores {
  readonly columns: readonly WatchedColumn[];
  /** Name of the column by which the examples are ranked; null while no example has a score. */
  readonly by: string | null;
  readonly hardest: readonly WatchedExample[];
  readonly flips: Flips | null;
}
