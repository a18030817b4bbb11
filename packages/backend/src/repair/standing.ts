import * as tf from '@tensorflow/tfjs';

/** The backend whose repairs stand, so that looking again before every chunk costs one comparison. */
let standing: string | null = null;

/** What repairs the active backend, once its code has been loaded. */
let repair: (() => unknown) | null = null;

/** Notes the backend that was repaired, and by what another one can be. */
export function noteRepaired(backend: string, by: () => unknown): void {
  standing = backend;
  repair = by;
}

/** Notes by what a backend can be repaired from now on. */
export function noteLoaded(by: () => unknown): void {
  repair = by;
}

/** Whether a backend can be repaired at once. */
export function canRepair(): boolean {
  return repair !== null;
}

/** Notes that no backend's repairs stand. */
export function noteUndone(): void {
  standing = null;
}

/**
 * Repairs the backend that is active now, unless that is the one repaired last. For what runs before every chunk: it is
 * synchronous, so that nothing can switch the backend between it and the pass. `loadRepairs` comes before it.
 */
export function keepBackendRepaired(): void {
  if (standing !== null && tf.getBackend() === standing) return;
  if (repair === null) throw new Error('unreachable: await loadRepairs() comes before the first chunk');
  repair();
}
