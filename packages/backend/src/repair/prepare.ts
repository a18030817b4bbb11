import * as tf from '@tensorflow/tfjs';
import type { RepairReport } from './repair.js';
import { canRepair, noteLoaded } from './standing.js';

/**
 * Repairs the active backend, as `repairBackend` of `@vogjs/backend/repair` does at once. The repairs are 13 kB of a
 * page's code, so they are loaded when they are first needed. A tracker awaits this before its first pass. Where no
 * backend is active yet, TensorFlow.js chooses one first.
 *
 * @returns What is repaired and refused on this backend now.
 */
export async function prepareBackend(): Promise<RepairReport> {
  if (!tf.getBackend()) await tf.ready();
  const { repairBackend } = await import('./repair.js');
  return repairBackend();
}

/** Loads the repairs, without making any: `keepBackendRepaired` makes them, at once. */
export async function loadRepairs(): Promise<void> {
  if (canRepair()) return;
  const { repairBackend } = await import('./repair.js');
  noteLoaded(repairBackend);
}
