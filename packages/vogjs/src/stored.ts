import { join } from 'node:path';

/** Whether a run is in a store and not in a folder. */
export function isStored(run: string): boolean {
  return run.startsWith('s3://');
}

/** Path of a file in a run, in a folder or in a store. */
export function pathIn(run: string, ...names: readonly string[]): string {
  return isStored(run) ? [run.replace(/\/+$/, ''), ...names].join('/') : join(run, ...names);
}
