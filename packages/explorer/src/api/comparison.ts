import type { HardDirection } from '@vogjs/run';

/** An example of two runs: its rows, and its percentile in each, the hardest near 100; null where it has no score. */
export interface MovedExample {
  readonly id: string | number;
  readonly before: number;
  readonly after: number;
  readonly from: number | null;
  readonly to: number | null;
  /** Names of its label in each run; null where a run has none. */
  readonly labelBefore: string | null;
  readonly labelAfter: string | null;
}

/** Whether the later run's network finds the corrected label as well. */
export interface CorrectedExample extends MovedExample {
  readonly predicted: string | null;
}

/** Shares of the shared examples whose label is predicted: the label of the run after, by both runs. */
export interface AccuracyPair {
  readonly before: number;
  readonly after: number;
  /** Examples that only the later run predicts, and that only the earlier one did. */
  readonly gained: number;
  readonly lost: number;
  readonly examples: number;
}

/** Answer of `GET /api/compare/BEFORE/AFTER` and `GET /api/compare/BEFORE/AFTER/COLUMN`. */
export interface ApiComparison {
  /** Names of the runs. */
  readonly before: string;
  readonly after: string;
  /** Scores that both have, with the column's number in the run before. */
  readonly scores: readonly { readonly column: number; readonly name: string }[];
  /** The score that is compared; null where they share none. */
  readonly score: { readonly name: string; readonly hardDirection: HardDirection } | null;
  /** Examples by id: in both, and in one of them alone. */
  readonly shared: number;
  readonly gone: number;
  readonly added: number;
  /** Of those that are gone, how many were decided to be left out. */
  readonly excluded: number;
  /** Relabelled in the run before, and with their old label in the run after. */
  readonly unapplied: number;
  /** Spearman's rank correlation of the two scores; null for fewer than three examples, or without a spread. */
  readonly agreement: number | null;
  /** How many examples went from each tenth of the ranks (rows, easiest first) to each (columns): `[10 * 10]`. */
  readonly tenths: readonly number[];
  /** What became harder most, and easier most. */
  readonly harder: readonly MovedExample[];
  readonly easier: readonly MovedExample[];
  readonly corrected: {
    readonly count: number;
    /** Of the easy half in the run after; of its hardest tenth. */
    readonly easy: number;
    readonly hard: number;
    /** Whose new label the later run predicts; null where it has no predictions. */
    readonly predicted: number | null;
    readonly examples: readonly CorrectedExample[];
  };
  /** On all shared examples, and on those whose label stayed; null without labels or predictions in both. */
  readonly accuracy: AccuracyPair | null;
  readonly unchanged: AccuracyPair | null;
  /** The same by networks that had not trained on the example, where both runs have them (`--folds`). */
  readonly heldOut: AccuracyPair | null;
}
