import { EventEmitter } from 'eventemitter3';
import { Observable, type Observer, type Operator, type Subscription, type TeardownLogic } from 'rxjs';
import type { VogError } from '@vogjs/base';
import type { Position } from '../schedule/position.js';
import type { Logger } from './logger.js';
import type { Figures } from './monitor.js';

/** One checkpoint, in numbers. */
export interface CheckpointInfo {
  /** Index of the checkpoint, from 0. */
  readonly checkpoint: number;
  readonly position: Position;
  /** The window that it belongs to; 'complete' without windows. */
  readonly window: string;
  /** Names of the metrics that were due. */
  readonly metrics: readonly string[];
}

/** How far a checkpoint's pass over the probe is. */
export interface ProgressInfo {
  readonly checkpoint: number;
  /** Examples done and in all. */
  readonly done: number;
  readonly total: number;
  /** Since the pass began. */
  readonly milliseconds: number;
}

/** What a tracker tells, and with what. Payloads are numbers and names, never live tensors. */
export interface TrackerEvents {
  checkpointBegin: [CheckpointInfo];
  progress: [ProgressInfo];
  checkpointEnd: [
    CheckpointInfo & {
      readonly examples: number;
      /** Of the pass and the monitors. */
      readonly milliseconds: number;
      /** By monitor and name; empty without monitors. */
      readonly figures: Figures;
    },
  ];
  /** The model gave NaN or infinity for some or all examples; see `onDiverged`. */
  diverged: [
    CheckpointInfo & {
      /** Examples for which it did, and examples in all. */
      readonly examples: number;
      readonly total: number;
      /** True when nothing of the checkpoint went into the scores: it was every example. */
      readonly skipped: boolean;
    },
  ];
  /** A metric failed; it is torn from here on. */
  metricError: [{ readonly metric: string; readonly error: VogError }];
  /** A monitor failed; it is not asked again until `reset()`. */
  monitorError: [{ readonly monitor: string; readonly error: VogError }];
  reset: [];
  dispose: [];
}

/** An emitter whose listeners cannot harm training: what they throw is logged, and the next one is called. */
export class TrackerEmitter {
  private readonly emitter = new EventEmitter();
  private closed = false;

  constructor(private readonly logger: Logger) {}

  on<E extends keyof TrackerEvents>(event: E, listener: (...payload: TrackerEvents[E]) => void): () => void {
    // Wrapped once per subscription, so that the emitter's own loop never sees a throw; removed by the same wrapper.
    const safe = (...payload: TrackerEvents[E]): void => this.guard(String(event), () => listener(...payload));
    // The untyped emitter underneath takes any listener; this method's signature is what types them.
    const listen = safe as (...payload: unknown[]) => void;
    this.emitter.on(event, listen);
    return () => this.emitter.off(event, listen);
  }

  emit<E extends keyof TrackerEvents>(event: E, ...payload: TrackerEvents[E]): void {
    this.emitter.emit(event, ...payload);
  }

  /** The event as a stream. A subscriber or operator that throws is logged, like a listener. */
  stream<E extends 'checkpointEnd' | 'progress'>(event: E): Observable<TrackerEvents[E][0]> {
    const source = new GuardedObservable<TrackerEvents[E][0]>((guard) => this.guard(`${event} stream`, guard));
    return source.from((subscriber) => {
      // Nobody who subscribes late waits for an end that has been.
      if (this.closed) return subscriber.complete();
      const off = this.on(event, ((payload: TrackerEvents[E][0]) => subscriber.next(payload)) as never);
      const done = this.on('dispose', () => subscriber.complete());
      return () => {
        off();
        done();
      };
    });
  }

  /** The last event has been emitted. */
  close(): void {
    this.closed = true;
    this.emitter.removeAllListeners();
  }

  private guard(where: string, call: () => void): void {
    try {
      const result = call() as unknown;
      // An async listener's rejection would end the process as an unhandled one.
      if (result instanceof Promise) result.catch((error: unknown) => this.report(where, error));
    } catch (error) {
      this.report(where, error);
    }
  }

  private report(where: string, error: unknown): void {
    this.logger.warn(
      `VoG.js: a '${where}' listener threw; training goes on. ${error instanceof Error ? error.stack : String(error)}`,
    );
  }
}

/**
 * RxJS throws a subscriber's error in a timer, which ends a Node process. This observable, and everything piped from
 * it, hands such errors to the guard instead.
 */
class GuardedObservable<T> extends Observable<T> {
  constructor(private readonly guard: (call: () => void) => void) {
    super();
  }

  from(subscribe: (subscriber: Observer<T>) => TeardownLogic): Observable<T> {
    const made = new GuardedObservable<T>(this.guard);
    (made as unknown as { _subscribe: typeof subscribe })._subscribe = subscribe;
    return made;
  }

  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const lifted = new GuardedObservable<R>(this.guard);
    lifted.source = this;
    lifted.operator = operator as never;
    return lifted;
  }

  override subscribe(observer?: Partial<Observer<T>> | ((value: T) => void) | null): Subscription {
    const given: Partial<Observer<T>> = typeof observer === 'function' ? { next: observer } : (observer ?? {});
    // RxJS's own subscribers between operators must stay themselves; only a consumer's plain observer is wrapped.
    if ('closed' in given) return super.subscribe(given as Observer<T>);
    return super.subscribe({
      next: (value) => this.guard(() => given.next?.(value)),
      error: (error: unknown) =>
        this.guard(() => {
          if (given.error === undefined) throw error;
          given.error(error);
        }),
      complete: () => this.guard(() => given.complete?.()),
    });
  }
}
