import { EventEmitter } from 'eventemitter3';
import { defer, fromEvent, type Observable, takeUntil } from 'rxjs';
import type { VogError } from '@vogjs/base';
import type { Figures } from '../monitor/monitor.js';
import type { Logger } from '../pass/logger.js';
import type { CheckpointInfo } from '../schedule/checkpoint-info.js';

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
  /** What the training says of an epoch that has ended, after the checkpoint of its end: losses and metrics by name. */
  epochEnd: [{ readonly epoch: number; readonly logs: Readonly<Record<string, number>> }];
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

/** Tells a tracker's events. */
export class TrackerEmitter extends EventEmitter<TrackerEvents> {
  private isClosed = false;

  /** Subscribes a listener that cannot harm training: what it throws is logged. The result unsubscribes. */
  listen<E extends keyof TrackerEvents>(
    event: E,
    listener: (...payload: TrackerEvents[E]) => void,
    logger: Logger,
  ): () => void {
    const told = (error: unknown): void =>
      logger.warn(
        `VoG.js: a '${event}' listener threw; training goes on. ${error instanceof Error ? error.stack : String(error)}`,
      );
    // Wrapped once per subscription, so that the emitter's own loop never sees a throw; removed by the same wrapper.
    const safe = (...payload: TrackerEvents[E]): void => {
      try {
        const result = listener(...payload) as unknown;
        // An async listener's rejection would end the process as an unhandled one.
        if (result instanceof Promise) result.catch(told);
      } catch (error) {
        told(error);
      }
    };
    this.on(event, safe as never);
    return () => void this.off(event, safe as never);
  }

  /** An event as a stream, which completes on dispose. What a subscriber throws is RxJS's affair, not the emitter's. */
  stream<E extends keyof TrackerEvents>(event: E): Observable<TrackerEvents[E][0]> {
    // RxJS knows emitters by methods that take any name, and then cannot tell what comes with it.
    const emitter = this as unknown as EventEmitter;
    const payloads$ = fromEvent(emitter, event) as Observable<TrackerEvents[E][0]>;
    // Nobody who subscribes late waits for an end that has been.
    return defer(() => (this.isClosed ? [] : payloads$.pipe(takeUntil(fromEvent(emitter, 'dispose')))));
  }

  /** The last event. */
  close(): void {
    this.emit('dispose');
    this.isClosed = true;
    this.removeAllListeners();
  }
}
