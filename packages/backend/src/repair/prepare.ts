import type { RepairReport } from './repair.js';

/**
 * Repairs the active backend, as `repairBackend` of `@vogjs/backend/repair` does at once. The repairs are a third of a
 * page's code, so they are loaded when they are first needed. A tracker awaits this before its first pass.
 *
 * @returns What is repaired and refused on this backend now.
 * @throws VogError 'BACKEND_UNAVAILABLE' before a backend is ready.
 */
export async function prepareBackend(): Promise<RepairReport> {
  const { repairBackend } = await import('./repair.js');
  return repairBackend();
}
