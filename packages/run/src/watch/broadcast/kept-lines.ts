import type { WatchEvents } from '../watch-events.js';
import type { KeptLine } from './messages.js';

/**
 * The events of a training, for who comes late: as many as fit. Where they do not, positions go first, which tell least,
 * then the oldest. The first event stays: it says what is watched.
 */
export class KeptLines {
  readonly #most: number;
  #kept: (KeptLine & { readonly type: keyof WatchEvents })[] = [];
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(type: keyof WatchEvents, line: string): KeptLine {
    const at = ++this.#count;
    this.#kept.push({ at, type, line });
    if (this.#kept.length > this.#most) {
      const least = this.#kept.findIndex((each) => each.type === 'position');
      this.#kept.splice(least > 0 ? least : 1, 1);
    }
    return { at, line };
  }

  /** Those after a line, in order; 0 for all. */
  after(at: number): KeptLine[] {
    return this.#kept.filter((each) => each.at > at).map((each) => ({ at: each.at, line: each.line }));
  }
}
