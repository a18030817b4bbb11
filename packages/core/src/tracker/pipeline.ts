import {
  catchError,
  concatMap,
  defaultIfEmpty,
  defer,
  filter,
  type MonoTypeOperatorFunction,
  type Observable,
  tap,
} from 'rxjs';
import type { Metric } from '../metrics/metric.js';
import type { ScorableModel } from '../model/model.js';
import type { CheckpointAt, Position } from '../schedule/position.js';

/** What a loop tells: where training stands, and the model as it is there. */
export interface Observation {
  readonly model: ScorableModel;
  readonly at: CheckpointAt;
  /** True when a checkpoint of every metric was asked for, whatever the schedule says. */
  readonly asked: boolean;
}

export interface Placed extends Observation {
  readonly position: Position;
}

export interface Due extends Placed {
  readonly metrics: readonly Metric[];
}

/** The stages that an observation goes through. Each may throw what the caller is to hear. */
export interface Stages {
  /** Finds the place in the run; refuses what runs backwards. */
  readonly position: (observation: Observation) => Promise<Placed>;
  /** Checks a model that has not been seen. */
  readonly meet: (placed: Placed) => Promise<Placed>;
  /** Asks the schedules. */
  readonly due: (placed: Placed) => Promise<Due>;
  /** Takes the checkpoint; tells whether it counts. */
  readonly take: (due: Due) => Promise<boolean>;
  /** Refuses a turn that begins or ends when the tracker is disposed. */
  readonly alive: MonoTypeOperatorFunction<unknown>;
}

/** A command, and the two ends of the promise that its caller awaits. */
export interface Command {
  /** An observation, or other work that must not meet a checkpoint half-way: scores, save, load, reset. */
  readonly does: Observation | (() => Promise<unknown>);
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const someDue = ({ asked, metrics }: Due): boolean => asked || metrics.length > 0;

/**
 * What a tracker does, one command after the other, each acknowledged: its promise settles when its own work is done.
 * Without the acknowledgement `fit` would move the weights under a pass that is still reading them.
 *
 * An observation finds its place when its turn comes and not when it is told: a load, a reset or a checkpoint that was
 * refused moves where the run stands.
 */
export function pipeline(commands$: Observable<Command>, stages: Stages): Observable<unknown> {
  const { position, meet, due, take, alive } = stages;
  const checkpoint = (observation: Observation): Observable<boolean> =>
    defer(() => position(observation)).pipe(
      concatMap(meet),
      concatMap(due),
      filter(someDue),
      concatMap(take),
      defaultIfEmpty(false),
    );
  return commands$.pipe(
    concatMap(({ does, resolve, reject }) =>
      (typeof does === 'function' ? defer(does) : checkpoint(does)).pipe(
        alive,
        tap(resolve),
        catchError((error: unknown) => {
          reject(error);
          // The next command has its turn all the same.
          return [];
        }),
      ),
    ),
  );
}
