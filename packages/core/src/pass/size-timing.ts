/** Of one checkpoint's time at the cheapest price found: what choosing a size may cost, once in a run. */
const SHARE_OF_A_CHECKPOINT = 0.03;
/** The faster of two counts: one may grow the heap, or meet the garbage collector. */
const REPEATS = 2;
/** Twice as many examples at a time make one of them cheaper by half at most. */
const MOST_GAIN = 0.5;
/** This many larger sizes in a row that gain nothing end the search: one or two may be hiccups of the machine. */
const GAINLESS = 3;
/** A larger chunk must make an example this much cheaper to be worth its memory. */
const WORTH = 0.03;
/** A shorter pass is mostly the clock's resolution and the cost of calling kernels, which larger chunks have less of. */
const TOO_SHORT = 2;

export const COSTS_TOO_MUCH = 'a longer measurement would cost too much';

/** A pass takes more than it may; its message says so. */
export class TooLarge extends Error {}

interface Timed {
  readonly size: number;
  /** Milliseconds. */
  readonly perExample: number;
}

/** What came of timing, and what ended it when it was not that larger chunks stopped to pay. */
interface Timings {
  /** Ascending. */
  readonly timed: readonly Timed[];
  readonly ended: string | null;
  /** Whether the last size was still worth it. */
  readonly gained: boolean;
}

/** Whether the share of a checkpoint lets two sizes be compared after a first pass: with one alone nothing is known. */
export function canBeTimed(first: number, examples: number): boolean {
  return first + REPEATS * (first + 2 * first) <= SHARE_OF_A_CHECKPOINT * MOST_GAIN * examples;
}

/**
 * Times sizes, from the smallest up, until larger ones no longer pay or the share of a checkpoint is spent. A pass of the
 * first size was made before: it was cold and says nothing of time, but counts as spent, at the price of a warm one.
 *
 * @param candidates sizes, ascending
 * @param examples of one checkpoint
 * @param pass a pass of so many examples in milliseconds
 * @throws what the pass throws at the first size
 */
export async function timeSizes(
  candidates: readonly number[],
  examples: number,
  pass: (size: number) => Promise<number>,
): Promise<Timings> {
  const timed: Timed[] = [];
  let spent = 0;
  let gainless = 0;
  const end = (ended: string | null): Timings => ({ timed, ended, gained: gainless === 0 });
  for (const [index, size] of candidates.entries()) {
    const cheapest = Math.min(...timed.map(({ perExample }) => perExample));
    // By half of the cheapest price, so that it holds against that of the next size as well, whatever that gains.
    const allowed = SHARE_OF_A_CHECKPOINT * MOST_GAIN * cheapest * examples;
    const next = size * (timed.at(-1)?.perExample ?? 0);
    if (spent + REPEATS * next > allowed) return end(COSTS_TOO_MUCH);
    let milliseconds = Number.POSITIVE_INFINITY;
    try {
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const taken = await pass(size);
        milliseconds = Math.min(milliseconds, taken);
        spent += taken;
        // Not once more what turned out dearer than it looked.
        if (spent > allowed) break;
      }
    } catch (error) {
      if (error instanceof TooLarge) return end(error.message);
      // What works with fewer examples and fails with more has met a limit that nobody told us of.
      if (index === 0) throw error;
      return end(`${size} failed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
    if (!(milliseconds > 0)) return end(null);
    if (index === 0) spent += milliseconds;
    const perExample = milliseconds / size;
    timed.push({ size, perExample });
    gainless = milliseconds < TOO_SHORT || perExample <= (1 - WORTH) * cheapest ? 0 : gainless + 1;
    if (gainless === GAINLESS) return end(null);
  }
  return end(null);
}

/** The smallest size within 3 % of the fastest. */
export function leastWorth(timed: readonly Timed[]): number {
  const fastest = Math.min(...timed.map(({ perExample }) => perExample));
  return timed.find(({ perExample }) => perExample <= (1 + WORTH) * fastest)!.size;
}

/**
 * The smallest of `candidates` at which what a pass costs, however many examples it has, is within 3 % of what its
 * examples cost. It is found by the line through the smallest and the largest size that were timed. With one of them
 * alone the largest candidate.
 */
export function expectedBest(timed: readonly Timed[], candidates: readonly number[]): number {
  const [first, last] = [timed[0]!, timed.at(-1)!];
  const costOf = ({ size, perExample }: Timed): number => size * perExample;
  const perExample = Math.max(0, (costOf(last) - costOf(first)) / (last.size - first.size));
  const perPass = costOf(last) - perExample * last.size;
  return candidates.find((size) => perPass <= WORTH * perExample * size) ?? candidates.at(-1)!;
}
