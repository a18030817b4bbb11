import process from 'node:process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer } from './measure.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ENTRY = ['scripts/ts.mjs', 'test/bench/peers/ours.ts'].map((path) => join(ROOT, path));

/** How our side of a case is started in a process of its own, on one backend. */
export function ourCommand(backend: string): Peer['command'] {
  return (folder) => [process.execPath, ...ENTRY, folder, backend];
}
