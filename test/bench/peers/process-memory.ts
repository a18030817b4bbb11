// Resident memory of this process in bytes, as Linux counts it.
import { readFileSync, writeFileSync } from 'node:fs';

function field(name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'));
  if (found === null) throw new Error(`this kernel does not tell ${name}`);
  return Number(found[1]) * 1024;
}

export const residentBytes = (): number => field('VmRSS');
export const peakBytes = (): number => field('VmHWM');

/** The peak begins anew at what is resident now. */
export function resetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5');
}
