import type { ScorableModel } from '@vogjs/core';
import type { Run } from '@vogjs/run';

/** An example as the model takes it. */
export interface KeptExample {
  /** `[height, width, channels]`, row-major. */
  readonly values: Float32Array;
  readonly shape: readonly number[];
  /** Null where the run has no labels: then the class that is predicted is taken. */
  readonly label: number | null;
}

/** Checkpoints of a run that are still there, and what they were scored on: maps of an example are computed of them. */
export interface KeptCheckpoints {
  /** Which of the run's checkpoints these are: places in `run.manifest.checkpoints`, ascending. */
  readonly numbers: readonly number[];
  /** Loads one of them; what was opened before may be let go. */
  open(number: number): Promise<ScorableModel>;
  example(row: number): Promise<KeptExample>;
  close(): void;
}

/** Finds the checkpoints of a run; or says, in a sentence, why there are none. */
export type OpenCheckpoints = (run: Run) => Promise<KeptCheckpoints | string>;
