import type { VogError } from '@vogjs/base';
import type { ScorableModel } from '../model/model.js';
import type { CheckpointInfo } from '../schedule/checkpoint-info.js';

/**
 * Something that looks at the model at each checkpoint beside the metrics: an evaluation on data of its own, say. Its
 * turn comes when the metrics' pass is done and before training goes on, one monitor after the other.
 */
export interface Monitor {
  /** Unique within a tracker; letters, digits, '.', '-' and '_'. */
  readonly name: string;
  /** Names of its figures, all of them, in the order in which logs have them. */
  readonly figures: readonly string[];
  /** Checks what can be checked before training: whenever a fit begins, or before the first checkpoint of a loop. */
  begin?(model: ScorableModel): void | Promise<void>;
  /**
   * The figures of this checkpoint. May be asynchronous, and must not change the model. It runs inside the tracker's
   * queue: to await one of that tracker's own methods here would wait for ever.
   */
  checkpoint(
    model: ScorableModel,
    info: CheckpointInfo,
  ): Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;
  /** Forgets what it saw: the tracker was reset. */
  reset?(): void;
  /** Frees what it holds: the tracker was disposed. Also while `checkpoint` is under way. */
  dispose?(): void;
}

/** Figures of one checkpoint, by monitor and name. */
export type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A monitor's failure. */
export interface MonitorFailure {
  readonly monitor: string;
  readonly error: VogError;
}
