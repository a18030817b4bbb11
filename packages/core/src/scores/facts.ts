/** What names an example, whatever its place in the probe. */
export type ExampleId = string | number;

/** Which end of a score is hard: `'high'` as for VoG, `'low'` as for AUM or a confidence. */
export type HardDirection = 'high' | 'low';

/** A plugin in words, for reports and docs. */
export interface Words {
  /** What to call it: `'Error norm (EL2N)'`. */
  readonly title: string;
  /** What it measures, as the continuation of "scored by …:": no capital, no full stop at its end. */
  readonly meaning: string;
}

/** What `Scores` are made of. Arrays are kept, not copied. */
export interface ScoresInit {
  readonly metric: string;
  readonly column: string;
  readonly window: string;
  readonly hardDirection: HardDirection;
  /** Number of checkpoints that the scores rest on. */
  readonly checkpoints: number;
  /** One score an example, [N]; NaN where it is undefined. */
  readonly values: Float32Array;
  /** One id an example, in the same order. */
  readonly ids: readonly ExampleId[];
  /** One class index an example, in the same order; null where the probe has no labels. */
  readonly labels: Int32Array | null;
  /** Name of each class, by its index. */
  readonly classNames?: readonly string[] | undefined;
  /** What a reader of the numbers should know. */
  readonly notes?: readonly string[];
  /** What the metric, or this column of it, measures: reports say it, whatever name the metric goes by. */
  readonly words?: Words | undefined;
}

/** Scores as files and tables show them. */
export interface RankedScores extends ScoresInit {
  readonly notes: readonly string[];
  /** Positions, hardest first. */
  ranking(): Int32Array;
  percentiles(): Float32Array;
}
