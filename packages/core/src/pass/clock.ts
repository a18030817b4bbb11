/** Time, for durations and rates. */
export interface Clock {
  /** Milliseconds from an arbitrary origin. */
  now(): number;
  /**
   * Milliseconds of processor time that this process has taken, in all its threads; null where that cannot be told. A
   * clock without it times by the wall alone.
   */
  processor?(): number | null;
}

interface Asked {
  readonly process?: {
    readonly platform?: string;
    cpuUsage?(): { readonly user: number; readonly system: number };
  };
}

export const monotonicClock: Clock = {
  now: () => performance.now(),
  processor() {
    const { process } = globalThis as Asked;
    // Windows counts in ticks of 16 ms: as long as some passes take.
    const usage = process?.platform === 'win32' ? undefined : process?.cpuUsage?.();
    return usage === undefined ? null : (usage.user + usage.system) / 1000;
  },
};

/**
 * Starts a stopwatch; what it returns tells the milliseconds since. `byProcessor`: the processor time where that is less.
 * Other programs lengthen the time by the wall, and passes longer than the turn that the system gives a program more than
 * shorter ones; threads of our own lengthen the processor time. The lesser of the two is the nearer to a quiet machine's.
 */
export function stopwatch(clock: Clock, byProcessor: boolean): () => number {
  const busy = (): number => (byProcessor ? clock.processor?.() : null) ?? Number.NaN;
  const [began, busyBefore] = [clock.now(), busy()];
  return () => {
    const [byWall, worked] = [clock.now() - began, busy() - busyBefore];
    return worked < byWall ? worked : byWall;
  };
}

/** Those who wait for a message to come round, first come first. */
const waiting: (() => void)[] = [];
let channel: MessageChannel | undefined;

function afterMessage(resume: () => void): void {
  if (channel === undefined) {
    channel = new MessageChannel();
    channel.port1.addEventListener('message', () => waiting.shift()?.());
    channel.port1.start();
  }
  waiting.push(resume);
  channel.port2.postMessage(null);
}

/**
 * Lets the host do something else: a browser paints and handles input, Node handles signals and timers. Await it
 * between the batches of a training loop of your own, so that a page stays responsive; `fitCallback` and the engine do.
 *
 * Not `requestAnimationFrame`, which stops in a hidden tab and with it the training, nor `setTimeout`, which waits
 * 4 ms in a visible tab and a second in a hidden one.
 */
export function yieldToHost(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else if (typeof MessageChannel === 'function') afterMessage(resolve);
    else setTimeout(resolve, 0);
  });
}
