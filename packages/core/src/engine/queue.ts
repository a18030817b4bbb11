import { catchError, concatMap, defer, EMPTY, Subject, tap } from 'rxjs';

/** One piece of work and the two ends of the promise that its caller awaits. */
interface Job {
  readonly run: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One piece of work at a time, in order, each acknowledged: the promise settles when its own work is done. Without the
 * acknowledgement `fit` would move the weights under a pass that is still reading them.
 */
export class AcknowledgedQueue {
  private readonly jobs = new Subject<Job>();

  constructor() {
    this.jobs
      .pipe(
        concatMap((job) =>
          defer(job.run).pipe(
            tap(job.resolve),
            catchError((error: unknown) => {
              job.reject(error);
              // The queue outlives a failed job.
              return EMPTY;
            }),
          ),
        ),
      )
      .subscribe();
  }

  add<T>(run: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.jobs.next({ run, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** Takes no more work. What was added still runs and is acknowledged: nobody is left waiting for ever. */
  close(): void {
    this.jobs.complete();
  }
}
