import * as tf from '@tensorflow/tfjs';
import type { MetricState } from '../metrics/metric.js';

/** Which state: of one metric, in one segment of training, for one chunk of the probe. */
export interface StateKey {
  readonly metric: string;
  readonly segment: string;
  readonly chunk: number;
}

/** Keeps the states of metrics between checkpoints. Swappable: see `TrackerOptions.provide`. */
export interface StateStore {
  get(key: StateKey): MetricState | undefined;
  /** Takes over `next` (clones are kept) and disposes what it replaces. */
  set(key: StateKey, next: MetricState): void;
  entries(): Iterable<readonly [StateKey, MetricState]>;
  /** Bytes held. */
  bytes(): number;
  /** Disposes every state. */
  clear(): void;
  /**
   * Starts a second set of states beside the present one, for `load`: what is set there takes the place of the present
   * one on `commit`, all at once. A store without it gets its states one by one, after it was cleared.
   */
  stage?(): StagedStates;
}

/** States that are not in force yet. */
export interface StagedStates {
  /** As `StateStore.set`. */
  set(key: StateKey, next: MetricState): void;
  /** Disposes the present states and puts these in their place. */
  commit(): void;
  /** Disposes these states; the present ones stay. */
  discard(): void;
}

/** Starts a second set of states beside those of a store. */
export function stageStates(store: StateStore): StagedStates {
  if (store.stage !== undefined) return store.stage();
  const beside = new DeviceStateStore();
  return {
    set: (key, next) => beside.set(key, next),
    commit() {
      store.clear();
      for (const [key, state] of beside.entries()) store.set(key, state);
      beside.clear();
    },
    discard: () => beside.clear(),
  };
}

/** Keeps states as tensors on the device. */
export class DeviceStateStore implements StateStore {
  private states = new Map<string, readonly [StateKey, Readonly<Record<string, tf.Tensor>>]>();

  get(key: StateKey): MetricState | undefined {
    return this.states.get(nameOf(key))?.[1];
  }

  set(key: StateKey, next: MetricState): void {
    const old = this.states.get(nameOf(key))?.[1] ?? {};
    // A clone shares the data and costs microseconds; it makes the store the only owner, whatever a metric returned:
    // a resource that others use too, or the same tensor under two names.
    const kept = Object.fromEntries(
      Object.entries(next).map(([name, tensor]) => [name, old[name] === tensor ? tensor : tf.keep(tf.clone(tensor))]),
    );
    for (const [name, tensor] of Object.entries(old)) if (kept[name] !== tensor) tensor.dispose();
    this.states.set(nameOf(key), [key, kept]);
  }

  entries(): Iterable<readonly [StateKey, MetricState]> {
    return this.states.values();
  }

  bytes(): number {
    let bytes = 0;
    for (const [, state] of this.states.values()) bytes += bytesOf(state);
    return bytes;
  }

  clear(): void {
    for (const [, state] of this.states.values()) tf.dispose(Object.values(state));
    this.states.clear();
  }

  stage(): StagedStates {
    const beside = new DeviceStateStore();
    return {
      set: (key, next) => beside.set(key, next),
      commit: () => {
        this.clear();
        [this.states, beside.states] = [beside.states, this.states];
      },
      discard: () => beside.clear(),
    };
  }
}

/** Bytes of a state's tensors. */
export function bytesOf(state: MetricState): number {
  return Object.values(state).reduce((sum, tensor) => sum + tensor.size * tf.util.bytesPerElement(tensor.dtype), 0);
}

function nameOf({ metric, segment, chunk }: StateKey): string {
  return `${metric}|${segment}|${chunk}`;
}
