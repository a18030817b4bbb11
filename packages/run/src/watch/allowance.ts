/** Milliseconds that watching may take of a training however short it is. */
const AT_ONCE = 250;

/**
 * Milliseconds of the processor that this process took, so that a machine with other work to do changes no share; in a
 * page, which does not tell them, milliseconds that went by.
 */
export function processorTime(): number {
  const { process } = globalThis as {
    process?: { cpuUsage?: () => { readonly user: number; readonly system: number } };
  };
  if (process?.cpuUsage === undefined) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** How much time watching may still take: a share of what has gone by, and a little at once. */
export class Allowance {
  readonly #share: number;
  readonly #now: () => number;
  readonly #begun: number;
  #spent = 0;

  constructor(share: number, now: () => number) {
    this.#share = share;
    this.#now = now;
    this.#begun = now();
  }

  /** Whether there is time left, by what the last piece of work took. */
  get isOpen(): boolean {
    return this.#spent < AT_ONCE + this.#share * (this.#now() - this.#begun);
  }

  /** Counts what a piece of work took. @returns milliseconds */
  async spend<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly milliseconds: number }> {
    const before = this.#now();
    const result = await work();
    const milliseconds = this.#now() - before;
    this.#spent += milliseconds;
    return { result, milliseconds };
  }
}
