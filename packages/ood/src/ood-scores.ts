/**
 * Scores of an out-of-distribution detector, one per example. They know which end is out-of-distribution: no caller ever
 * has to, and no evaluation ever chooses it by looking at the data.
 */
export interface OodScores {
  /** `[N]` */
  readonly values: ArrayLike<number>;
  /** Which end of the values is out-of-distribution; `'low'` for the confidence form that every detector here gives. */
  readonly oodDirection: 'high' | 'low';
  /** The detector's name. */
  readonly detector: string;
}
