import type { RunStorage } from '@vogjs/run';
import { readTail, type TailedLine } from './tail.js';

const EVENTS = 'events.jsonl';
const WATCHED = { run: 'run.json', reviews: 'reviews.jsonl', issues: 'issues.json', scores: 'scores.parquet' } as const;

/** Lines kept for who comes back; who missed more gets them from the file. */
const RING = 1000;
/** Of a longer file, who joins gets the end. */
const LONGEST_BACKLOG = 8 * 2 ** 20;

/** What a listener is told: a line of `events.jsonl`; that a file of the run changed; or that the events began anew. */
export type FeedMessage =
  | { readonly kind: 'line'; readonly line: TailedLine }
  | { readonly kind: 'changed'; readonly part: keyof typeof WATCHED }
  | { readonly kind: 'restart' };

export type Listener = (message: FeedMessage) => void;

/** Follows `events.jsonl` of one run, and tells all who listen; it reads nothing while nobody does. */
export class EventFeed {
  readonly #storage: RunStorage;
  readonly #milliseconds: number;
  readonly #listeners = new Set<Listener>();
  #ring: TailedLine[] = [];
  /** The ring holds all lines after this byte. */
  #ringStart = 0;
  #end = 0;
  #marks = new Map<string, string>();
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  /** @param milliseconds between looks at the file */
  constructor(storage: RunStorage, milliseconds: number) {
    this.#storage = storage;
    this.#milliseconds = milliseconds;
  }

  /**
   * Tells a listener what it missed, and then what comes.
   *
   * @param after byte up to which it has read: 0 at first
   * @returns what ends it
   */
  join(after: number, listener: Listener): Promise<() => void> {
    return this.#next(async () => {
      await this.#look();
      if (after > this.#end) listener({ kind: 'restart' });
      const from = after > this.#end ? 0 : after;
      for (const line of await this.#since(from)) listener({ kind: 'line', line });
      this.#listeners.add(listener);
      this.#timer ??= setInterval(
        () => void this.#next(() => this.#look()).catch(() => {}),
        this.#milliseconds,
      ).unref();
      return () => this.#leave(listener);
    });
  }

  #leave(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One look or joining at a time, so that nobody misses a line or gets it twice. */
  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #look(): Promise<void> {
    const size = (await this.#storage.size(EVENTS)) ?? 0;
    if (size < this.#end) {
      [this.#ring, this.#ringStart, this.#end] = [[], 0, 0];
      this.#tell({ kind: 'restart' });
    }
    if (this.#end === 0 && size > LONGEST_BACKLOG) this.#ringStart = this.#end = size - LONGEST_BACKLOG;
    const { lines, end } = await readTail(this.#storage, EVENTS, this.#end);
    this.#end = end;
    this.#ring = [...this.#ring, ...lines];
    const dropped = this.#ring.splice(0, Math.max(0, this.#ring.length - RING)).at(-1);
    if (dropped !== undefined) this.#ringStart = dropped.end;
    for (const line of lines) this.#tell({ kind: 'line', line });
    await this.#lookAtParts();
  }

  async #lookAtParts(): Promise<void> {
    for (const [part, name] of Object.entries(WATCHED) as [keyof typeof WATCHED, string][]) {
      const size = await this.#storage.size(name);
      // `run.json` keeps its length when only its state or a date changes.
      const mark = part === 'run' && size !== null ? String(await this.#storage.read(name)) : String(size);
      const before = this.#marks.get(part);
      this.#marks.set(part, mark);
      if (before !== undefined && before !== mark) this.#tell({ kind: 'changed', part });
    }
  }

  async #since(after: number): Promise<readonly TailedLine[]> {
    if (after >= this.#ringStart) return this.#ring.filter(({ end }) => end > after);
    const from = Math.max(after, this.#end - LONGEST_BACKLOG);
    return (await readTail(this.#storage, EVENTS, from)).lines.filter(({ end }) => end <= this.#end);
  }

  #tell(message: FeedMessage): void {
    for (const listener of this.#listeners) listener(message);
  }
}
