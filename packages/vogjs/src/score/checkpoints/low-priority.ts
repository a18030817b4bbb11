import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Lets every other process come first, for as long as this one lives: what is scored beside a training must not take its
 * cores. Linux keeps a priority for each thread, and V8's threads that compile and collect are there before this is
 * called, so that each is asked for. Where the system refuses, nothing is changed and nothing is said.
 */
export function lowerPriority(): void {
  for (const id of threads()) {
    try {
      setPriority(id, constants.priority.PRIORITY_LOW);
    } catch {
      // A thread that has ended, or a system that does not let its users do this: it is a courtesy.
    }
  }
}

/** Those of this process; 0 is the process itself, where a system has no priority for each. */
function threads(): number[] {
  if (process.platform !== 'linux') return [0];
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [0];
  }
}
