import { availableParallelism, freemem, loadavg } from 'node:os';
import type { BackendName } from '@vogjs/core/node';

/** What the program, TensorFlow.js and a small data set take in a process of their own. */
const PROCESS_BYTES = 300e6;
/** Of the memory that is free, so much may be taken. */
const SHARE = 0.8;

/** What a machine has. */
export interface Machine {
  readonly cores: number;
  /** Processes that run or wait for a core, over the last minute. */
  readonly load: number;
  readonly freeBytes: number;
}

export function thisMachine(): Machine {
  return { cores: availableParallelism(), load: loadavg()[0] ?? 0, freeBytes: freemem() };
}

/**
 * Workers for which there is room: cores that are free, memory, and a part of the work each. TensorFlow's native backends
 * and GPUs are used whole by one process.
 *
 * @param parts the most that the work can be split into
 * @param bytes what is kept once, and what each worker takes
 */
export function roomFor(
  backend: BackendName,
  parts: number,
  bytes: { readonly kept: number; readonly working: number },
  { cores, load, freeBytes }: Machine,
): number {
  if (backend !== 'cpu' && backend !== 'wasm') return 1;
  const byCores = Math.floor(cores - load + 0.5);
  const byMemory = Math.floor((SHARE * freeBytes - bytes.kept) / (PROCESS_BYTES + bytes.working));
  return Math.max(1, Math.min(byCores, byMemory, parts));
}
