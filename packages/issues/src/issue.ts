/** What can be wrong, in the order in which issues are listed. */
export const ISSUE_KINDS = ['label', 'outlier', 'duplicate', 'ambiguous', 'imbalance', 'group', 'image'] as const;
export type IssueKind = (typeof ISSUE_KINDS)[number];

/** Something that may be wrong with an example, or with a class or group of them. */
export interface Issue {
  readonly kind: IssueKind;
  /** Id of the example; of an imbalance the class, of a group its name. */
  readonly id: string | number;
  /** From 0, nothing to see, over 0.5, where the flag begins, to 1, the worst. */
  readonly score: number;
  /** Whether somebody should look: it lies beyond the threshold. */
  readonly flagged: boolean;
  /** A plain sentence. */
  readonly why: string;
  /** Of a label: the class index that fits better, and its probability. */
  readonly suggested?: number;
  readonly suggestedProbability?: number;
  /** Of a duplicate: ids of the others. */
  readonly others?: readonly (string | number)[];
  /** What kind of an image fault or twin, and the like. */
  readonly detail?: string;
}

/** What was found, by kind. */
export interface IssueSummary {
  readonly kind: IssueKind;
  readonly flagged: number;
  /** Examples, classes or groups that could be judged. */
  readonly examined: number;
  readonly says: string;
}

/** What one search found out about every example. */
export interface Finding {
  readonly kind: IssueKind;
  /** `[N]`, as `Issue.score`; NaN where an example could not be judged. */
  readonly scores: Float32Array;
  /** `[N]`: 1 beyond the threshold. */
  readonly flagged: Uint8Array;
  /** A sentence about one example. */
  readonly why: (example: number) => string;
  /** A sentence about all of them. */
  readonly summary: string;
}
