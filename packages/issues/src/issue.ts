/** What can be wrong, in the order in which issues are listed. */
export const ISSUE_KINDS = ['label', 'outlier', 'duplicate', 'ambiguous', 'imbalance', 'group', 'image'] as const;
export type IssueKind = (typeof ISSUE_KINDS)[number];

/** Another label than the given one. */
export interface SuggestedLabel {
  /** Class index. */
  readonly label: number;
  readonly className: string;
  /** How probable the class is, by the outputs that were given. */
  readonly probability: number;
}

/** One thing that deserves a look. */
export interface Issue {
  readonly kind: IssueKind;
  /** What exactly, within the kind: `'near'`, `'dark'`, … */
  readonly type?: string;
  /** Of the example; of an imbalance the class name, of a group `'column=value'`. */
  readonly id: string | number;
  /** From 0, nothing to see, over 0.5, where the flag begins, to 1, the worst. */
  readonly score: number;
  /** Whether it lies beyond the threshold. */
  readonly flagged: boolean;
  /** A sentence for people. */
  readonly why: string;
  readonly suggested?: SuggestedLabel;
  /** The other examples that it concerns: of a duplicate its twins. */
  readonly others?: readonly (string | number)[];
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
