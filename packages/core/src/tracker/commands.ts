import { VogError } from '@vogjs/base';
import { catchError, defer, type Observable, Subject, tap } from 'rxjs';
import { inject, injectable } from '../run/injection.js';
import type { RunState } from '../run/run-state.js';
import type { StateStore } from '../run/state-store.js';
import { TOKENS } from '../run/tokens.js';
import { Later } from './later.js';
import { type Command, type Observation, pipeline } from './pipeline.js';

/** Feeds the pipeline: what callers ask for goes in, and they get a promise of its acknowledgement. */
@injectable()
export class Commands {
  private readonly commands$ = new Subject<Command>();

  constructor(
    @inject(TOKENS.run) private readonly state: RunState,
    @inject(TOKENS.stateStore) private readonly store: StateStore,
    @inject(Later) later: Later,
  ) {
    pipeline(this.commands$, {
      position: async (observation) => (await later.training()).placement.place(observation),
      meet: async (placed) => {
        const { beginning } = await later.training();
        await beginning.meet(placed.model);
        return placed;
      },
      due: async (placed) => (await later.training()).placement.due(placed),
      take: async (due) => (await later.training()).checkpointing.take(due),
      alive: (turn$) => this.whileAlive(turn$),
    }).subscribe();
  }

  /** Tells where training stands; resolves to whether a checkpoint was taken that counts. */
  observe(observation: Observation): Promise<boolean> {
    return this.add<boolean>(observation);
  }

  /** Runs other work when its turn comes. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.add<T>(work);
  }

  assertAlive(): void {
    if (this.state.disposed) throw gone();
  }

  /** Called by the container. What waits still has its turn, and is refused: nobody is left waiting for ever. */
  dispose(): void {
    this.commands$.complete();
    this.store.clear();
  }

  private add<T>(does: Command['does']): Promise<T> {
    if (this.state.disposed) return Promise.reject(gone());
    return new Promise<T>((resolve, reject) => {
      this.commands$.next({ does, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  private whileAlive<T>(turn$: Observable<T>): Observable<T> {
    return defer(() => {
      this.assertAlive();
      return turn$;
    }).pipe(
      catchError((error: unknown) => {
        // What fails on states that dispose() freed meanwhile fails because of it.
        throw this.state.disposed ? gone() : error;
      }),
      tap(() => {
        // Disposed in the meantime: whatever the work read or stored since then is not a state of this run.
        if (this.state.disposed) this.store.clear();
        this.assertAlive();
      }),
    );
  }
}

function gone(): VogError {
  return new VogError(
    'DISPOSED',
    'This tracker was disposed. Read scores and save before dispose(), or create a new tracker.',
  );
}
