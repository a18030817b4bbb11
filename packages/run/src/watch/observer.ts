import { VogError } from '@vogjs/base';
import type { Scores, Tracker } from '@vogjs/core';
import { columnOf, flipsOf, hardestOf, nameOf, ranksOf } from './standings.js';
import type { Flips, WatchedScores } from './watch-events.js';

/** Metric to rank by unless told: VoG where there is one, else what tells wrong labels best without a gradient. */
const FIRST = ['vog', 'mean-loss', 'aum'];
/** As many columns are told; a metric with a column a class could have thousands. */
const MOST_COLUMNS = 40;

/** Reads what a tracker's scores say, and knows where each example stood before. */
export class Observer {
  readonly #tracker: Tracker;
  readonly #by: string;
  readonly #hardest: number;
  #ranks: Int32Array | null = null;
  #first: { readonly ranks: Int32Array; readonly checkpoint: number } | null = null;

  /**
   * @param by the metric to rank by; undefined for the tracker's best known
   * @param hardest how many of the hardest are told
   * @throws VogError METRIC_UNKNOWN
   */
  constructor(tracker: Tracker, by: string | undefined, hardest: number) {
    const { metrics } = tracker;
    if (by !== undefined && !metrics.includes(by)) {
      throw new VogError('METRIC_UNKNOWN', `by: the tracker has no metric '${by}'. It has ${metrics.join(', ')}.`);
    }
    this.#tracker = tracker;
    this.#by = by ?? FIRST.find((name) => metrics.includes(name)) ?? (metrics[0] as string);
    this.#hardest = hardest;
  }

  /** Forgets where examples stood. */
  reset(): void {
    this.#ranks = null;
    this.#first = null;
  }

  /**
   * What the scores are now. The tracker is asked before this gives way: it answers in turn, and so before training
   * goes on.
   *
   * @param checkpoint its index
   * @param windows that it belongs to, by their starts
   * @throws VogError DISPOSED
   */
  async read(checkpoint: number, windows: readonly string[]): Promise<WatchedScores> {
    const [early] = this.#tracker.plan().windows;
    const window = windows.at(-1);
    const isLater = early !== undefined && window !== undefined && early !== window;
    const [whole, before, now] = await Promise.all([
      Promise.all(this.#tracker.metrics.map((metric) => columnsOf(this.#tracker, metric))),
      isLater ? columnsOf(this.#tracker, this.#by, early) : [],
      isLater ? columnsOf(this.#tracker, this.#by, window) : [],
    ]);
    const columns = whole.flat().slice(0, MOST_COLUMNS).map(columnOf);
    const told = columns.filter((column) => column !== null);
    const primary = whole.flat().find(({ metric }) => metric === this.#by);
    if (primary === undefined || !primary.values.some(Number.isFinite)) {
      return { columns: told, by: null, hardest: [], flips: null };
    }
    const ranks = ranksOf(primary);
    const hardest = hardestOf(primary, this.#hardest, this.#ranks);
    this.#ranks = ranks;
    const flips = isLater ? flipsOfWindows(before[0], now[0]) : this.#flipsSinceFirst(primary, ranks, checkpoint);
    return { columns: told, by: nameOf(primary), hardest, flips };
  }

  #flipsSinceFirst(scores: Scores, ranks: Int32Array, checkpoint: number): Flips | null {
    this.#first ??= { ranks, checkpoint };
    if (this.#first.checkpoint === checkpoint) return null;
    const early = `checkpoint ${this.#first.checkpoint + 1}`;
    return { early, late: 'now', ...flipsOf(scores, this.#first.ranks, ranks) };
  }
}

function flipsOfWindows(early: Scores | undefined, late: Scores | undefined): Flips | null {
  if (early === undefined || late === undefined) return null;
  const [from, to] = [ranksOf(early), ranksOf(late)];
  if (from.every((rank) => rank === 0) || to.every((rank) => rank === 0)) return null;
  return { early: early.window, late: late.window, ...flipsOf(late, from, to) };
}

/** Columns of a metric; one that has failed has none, which the tracker has told. */
async function columnsOf(tracker: Tracker, metric: string, window?: string): Promise<Scores[]> {
  try {
    return Object.values(await tracker.columns(metric, window === undefined ? {} : { window }));
  } catch (error) {
    if (error instanceof VogError && /^METRIC_(TORN|FAILED)$/.test(error.code)) return [];
    throw error;
  }
}
