import type { Plan, Tracker } from '@vogjs/core';
import type { Run, RunWriter } from '@vogjs/run';
import type { Dataset } from '../data/dataset.js';
import type { Checkpoints } from '../checkpoints/checkpoints.js';
import type { Followed, Following } from './followed.js';

/** Follows the tracker of a run; what it gives back ends it. */
export type Watch = (tracker: Tracker) => () => unknown;

/** What is to be done, prepared and checked as far as it can be before anything is written. */
export interface Work {
  readonly dataset: Dataset;
  readonly model: { readonly name: string | null; readonly hash: string | null };
  readonly notes: readonly string[];
  /** Where it is checkpoints that are scored, and nothing is trained: that can be done in parts. */
  readonly scoring?: Scoring;
  /** Out-of-distribution sets beside the data. */
  readonly ood?: PreparedOod | undefined;
  /** Lets copies go of what is in stores, when nothing more is read. A process that ends does so too. */
  release?(): Promise<void>;
  /** What it will take; writes nothing. */
  plan(): Promise<WorkPlan>;
  /** Takes the checkpoints, or trains; goes on from `before` where that is a run, and tells how far it is. */
  follow(
    run: RunWriter,
    folder: string,
    before: Run | null,
    tell: (line: string) => void,
    watch?: Watch,
  ): Promise<Followed>;
}

/** Sets that are read, and the trial of their detectors. */
interface PreparedOod {
  readonly fingerprint: string;
  /** Has them fit and score by a network like the one that will be scored; throws what they refuse. */
  attempt(): Promise<void>;
}

/** Checkpoints that are there, and what is scored of them. */
export interface Scoring {
  readonly following: Following;
  readonly checkpoints: Checkpoints;
}

/** What `--plan` tells. */
export interface WorkPlan {
  readonly plan: Plan;
  readonly checkpoints: number;
  /** Of scoring one checkpoint, measured on a part of the data and scaled up. */
  readonly secondsPerCheckpoint: number;
  /** Of training between two checkpoints; 0 where nothing is trained. */
  readonly secondsPerEpoch: number;
  /** What is followed beside the data: examples, and bytes kept between checkpoints. */
  readonly beside?: { readonly examples: number; readonly stateBytes: number };
  /** Processes that share the work; each takes a pass of its own. Default one. */
  readonly workers?: number;
}
