import type { Correction, Decision, HardDirection, IssueKind, IssueSummary, RunManifest, ThumbIndex } from '@vogjs/run';

/** One run in the list: what `run.json` says, or why it cannot be read. */
export interface ListedRun {
  /** By it the client asks for the run; it stays while the server lives. */
  readonly run: number;
  readonly name: string;
  readonly state: RunManifest['state'] | 'damaged';
  readonly examples: number | null;
  readonly changed: string | null;
  /** Whether it is of sets side by side, which are compared with no other run. */
  readonly ood: boolean;
  /** Of a damaged run: what is wrong. */
  readonly message: string | null;
}

export interface RunList {
  readonly runs: readonly ListedRun[];
  /** Decisions are refused. */
  readonly readOnly: boolean;
}

export type ColumnKind = 'id' | 'path' | 'label' | 'predicted' | 'suggested' | 'percentile' | 'score' | 'meta';

/** A column of the scores table. Its values come as float32, or as a list in JSON where they are texts. */
export interface ApiColumn {
  readonly column: number;
  readonly kind: ColumnKind;
  readonly name: string;
  /** Of scores only. */
  readonly hardDirection?: HardDirection;
  readonly metric?: string;
  readonly window?: string;
  readonly checkpoints?: number;
  readonly notes?: readonly string[];
}

/** What there is of a run, beside its parts. */
export interface RunDescription {
  readonly run: number;
  readonly name: string;
  /** Changes when a part of the run was written anew; every answer about the run has it as `vogjs-edition`. */
  readonly edition: string;
  readonly manifest: RunManifest;
  /** None while the table is not written. */
  readonly columns: readonly ApiColumn[];
  /** The score by which the table has its percentile. */
  readonly primary: string | null;
  readonly thumbs: Omit<ThumbIndex, 'sheets'> | null;
  readonly has: {
    readonly issues: boolean;
    readonly trajectories: boolean;
    readonly features: boolean;
    readonly ood: boolean;
  };
  /** Parts that are there and cannot be read, as sentences. */
  readonly faults: readonly string[];
  readonly exports: readonly string[];
}

/** An issue, about rows of the table; `row` is null where it is about a class or a group, `name`. */
export interface ApiIssue {
  readonly kind: IssueKind;
  readonly row: number | null;
  readonly name: string | null;
  readonly score: number;
  readonly flagged: boolean;
  readonly why: string;
  readonly suggested: number | null;
  readonly suggestedProbability: number | null;
  readonly others: readonly number[];
  readonly detail: string | null;
}

export interface ApiIssues {
  readonly summary: readonly IssueSummary[];
  readonly issues: readonly ApiIssue[];
  /** Issues of ids that the table does not have. */
  readonly strangers: number;
}

/** A decision about a row; `when` is the server's. */
export interface ApiReview {
  readonly row: number;
  readonly decision: Decision;
  readonly label?: number;
  readonly kind?: string;
  readonly note?: string;
  readonly by?: string;
  readonly when: string;
}

export interface ApiReviews {
  /** The decision that stands of each row that has one. */
  readonly standing: readonly ApiReview[];
  /** Rows that were skipped last. */
  readonly skipped: readonly number[];
  /** Lines of the file that a crash left in part, or that are no reviews. */
  readonly torn: number;
}

/** Body of `POST /api/reviews`: all of them are checked before the first is written. */
export interface ReviewsToWrite {
  readonly run: number;
  readonly reviews: readonly Omit<ApiReview, 'when'>[];
}

/** Answer of `POST /api/corrections`. */
export interface ApiCorrections {
  readonly file: string;
  readonly corrections: readonly Correction[];
  /** A command that trains on the corrected data; null where the run was not made by `vogjs score` on data. */
  readonly again: string | null;
}

/** What all checkpoints said of one row. NaN and infinities, which JSON lacks, are null. */
export interface ApiTrajectory {
  readonly labelProbability: readonly (number | null)[];
  readonly margin: readonly (number | null)[];
  readonly loss: readonly (number | null)[];
  readonly predicted: readonly number[];
}

/** Rows whose features point the same way, nearest first. */
export interface ApiNeighbours {
  readonly rows: readonly number[];
  /** Cosine of the angle between the features, -1 to 1. */
  readonly cosines: readonly number[];
}

/** Body of every refusal. */
export interface ApiRefusal {
  readonly code: string;
  readonly message: string;
}

/** Of which checkpoints maps of an example can be computed: places in the manifest's list. */
export interface ApiMaps {
  readonly checkpoints: readonly number[];
  /** Why there are none. */
  readonly why: string | null;
}
