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

/** The clock where none is provided; what tells its processor time is loaded with what asks for it (stopwatch.ts). */
export const monotonicClock: Clock = { now: () => performance.now() };

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
