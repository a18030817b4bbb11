import { type Clock, monotonicClock } from './clock.js';

interface Asked {
  readonly process?: {
    readonly platform?: string;
    cpuUsage?(): { readonly user: number; readonly system: number };
  };
}

/** Processor time of this process in milliseconds; null where nobody tells. */
function ownProcessor(): number | null {
  const { process } = globalThis as Asked;
  // Windows counts in ticks of 16 ms: as long as some passes take.
  const usage = process?.platform === 'win32' ? undefined : process?.cpuUsage?.();
  return usage === undefined ? null : (usage.user + usage.system) / 1000;
}

/**
 * Starts a stopwatch; what it returns tells the milliseconds since. `byProcessor`: the processor time where that is less.
 * Other programs lengthen the time by the wall, and passes longer than the turn that the system gives a program more than
 * shorter ones; threads of our own lengthen the processor time. The lesser of the two is the nearer to a quiet machine's.
 */
export function stopwatch(clock: Clock, byProcessor: boolean): () => number {
  const processor = clock === monotonicClock ? ownProcessor : clock.processor?.bind(clock);
  const busy = (): number => (byProcessor ? processor?.() : null) ?? Number.NaN;
  const [began, busyBefore] = [clock.now(), busy()];
  return () => {
    const [byWall, worked] = [clock.now() - began, busy() - busyBefore];
    return worked < byWall ? worked : byWall;
  };
}
