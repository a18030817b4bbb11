/** What an analysis needs to know of a score. `Scores` of `@vogjs/core` has all of it, and so may an object of yours. */
export interface DifficultyScores {
  /** One value per example. */
  readonly values: ArrayLike<number>;
  /** Which end of the values is hard. Declared by the metric; no analysis ever chooses it by looking at the data. */
  readonly hardDirection: 'high' | 'low';
}

/** Scores that know which class each example is labelled with. */
export interface LabelledScores extends DifficultyScores {
  /** One class index per example, or null where the examples have no classes. */
  readonly labels: ArrayLike<number> | null;
  /** The name of each class, where classes have names. */
  readonly classNames?: readonly string[] | null | undefined;
}

/** A yes or no per example: booleans, or 0 and 1. */
export type Flags = ArrayLike<boolean | number>;
