import { Refusal } from '../http/refusal.js';

/** @throws Refusal where the run has no such row */
export function requireRow(row: number, examples: number): void {
  if (row >= examples) throw new Refusal(404, `The run has no row ${row}: there are ${examples}.`);
}
