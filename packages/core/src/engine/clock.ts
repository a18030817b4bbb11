/** Time, for durations and rates. */
export interface Clock {
  /** Milliseconds from an arbitrary origin. */
  now(): number;
}

export const monotonicClock: Clock = { now: () => performance.now() };

/**
 * Lets the host do something else: a browser paints and handles input, Node handles signals and timers. Not
 * `requestAnimationFrame`, which stops in a hidden tab and with it the training.
 */
export function yieldToHost(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
