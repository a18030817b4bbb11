/** How many examples a chunk has, and why. */
export interface ChunkChoice {
  readonly chunkSize: number;
  readonly from: 'option' | 'shapes' | 'measurement' | 'saved state';
  /** In one sentence. */
  readonly reason: string;
  /** Bytes that the pass of one chunk takes for a moment; null where none was measured. */
  readonly workingBytes: number | null;
}

/** What a pass of some examples takes for a moment. */
export interface PassBytes {
  /** Most bytes held at once beside what was held before. */
  readonly bytes: number;
  /** The largest single tensor. */
  readonly largestTensorBytes: number;
}

export interface TrialPass extends PassBytes {
  readonly milliseconds: number;
}

interface MemoryLimits {
  /** Bytes that a pass may take. */
  readonly workingMemory: number;
  /** Bytes that the device lets one tensor have. */
  readonly tensorBytes: number;
}

export interface ChoiceLimits extends MemoryLimits {
  /** Examples in the probe. */
  readonly examples: number;
  /** What the input's shape suggests: taken where timing says nothing. */
  readonly estimate: number;
}

/** Examples of the first trial pass, and of the least chunk that is timed. */
export const TRIAL_EXAMPLES = 8;
/** Bytes that a pass may take when nobody says. */
export const WORKING_MEMORY = 2 ** 30;
const MOST_EXAMPLES = 4096;
/** Of the time that one checkpoint would take in the smallest chunks tried. Spent once in a run. */
const SHARE_OF_A_CHECKPOINT = 0.1;
/** The faster of two counts: the first may compile a shader or grow the heap. */
const REPEATS = 2;
/** This many larger sizes in a row that gain nothing end the search: one or two may be hiccups of the machine. */
const GAINLESS = 3;
/** A larger chunk must make an example this much cheaper to be worth its memory. */
const WORTH = 0.03;
/** A shorter pass is mostly the clock's resolution and the cost of calling kernels, which larger chunks have less of. */
const TOO_SHORT = 2;

interface Timed {
  readonly size: number;
  /** Milliseconds. */
  readonly perExample: number;
}

/** What came of timing, and what ended it when it was not that larger chunks stopped to pay. */
interface Timings {
  readonly timed: readonly Timed[];
  readonly ended: string | null;
  /** Whether the last size was still worth it. */
  readonly gained: boolean;
}

const COSTS_TOO_MUCH = 'a longer measurement would cost too much';

/**
 * Chooses the chunk size. Memory first: trial passes tell what an example takes, and only sizes that stay within the
 * limits are considered. Then time: twice as many examples at a time, for as long as that makes an example at least 3 %
 * cheaper. Passes are bounded by a share of one checkpoint's time, so a small probe is not timed at all.
 *
 * Which size is chosen changes no score beyond float rounding.
 *
 * @param run passes the given number of examples
 */
export async function chooseChunkSize(
  limits: ChoiceLimits,
  run: (size: number) => Promise<TrialPass>,
): Promise<ChunkChoice> {
  const { examples, estimate } = limits;
  const known = new Map<number, TrialPass>();
  const pass = async (size: number): Promise<TrialPass> => {
    const trial = await run(size);
    known.set(size, trial);
    return trial;
  };
  const choice = (chunkSize: number, reason: string): ChunkChoice => ({
    chunkSize,
    from: 'measurement',
    reason,
    workingBytes: expectedBytes(known, chunkSize),
  });

  let first = Math.min(TRIAL_EXAMPLES, examples, estimate);
  let cold = await pass(first);
  if (!fits(cold, limits)) {
    // Halved and passed again: what does not grow with the examples would make a proportion too hopeful.
    while (first > 1 && !fits(cold, limits)) cold = await pass((first = 2 ** Math.ceil(Math.log2(first) - 1)));
    return choice(first, `twice as many take more than ${limitOf(limits)}`);
  }

  const most = Math.min(examples, MOST_EXAMPLES);
  const candidates = sizesFrom(first, most).filter((size) => fits(scaled(cold, size / first), limits));
  const largest = candidates.at(-1) ?? first;
  const bound = largest < most ? `; more take more than ${limitOf(limits)}` : '';
  const untimed = Math.min(largest, estimate);
  const byShape = untimed === examples ? 'the whole probe' : 'from the shape of the input';

  // Known before anything is timed: it would cost more than it can gain.
  if (largest === first || REPEATS * first > SHARE_OF_A_CHECKPOINT * examples) {
    return choice(untimed, `${byShape}; ${examples} examples are too few to time other sizes${bound}`);
  }
  const { timed, ended, gained } = await timeSizes(candidates, limits, cold, pass, (size) => known.delete(size));
  if (timed.length === 0) return choice(untimed, `${byShape}; a pass is too short to time${bound}`);
  const fastest = Math.min(...timed.map(({ perExample }) => perExample));
  const { size: best } = timed.find(({ perExample }) => perExample <= (1 + WORTH) * fastest) as Timed;
  const times = timed.map(({ size, perExample }) => `${perExample.toPrecision(3)} ms in chunks of ${size}`);
  const took = `an example took ${times.join(', ')}`;
  if (ended === COSTS_TOO_MUCH && gained && untimed > best) {
    return choice(untimed, `${byShape}: ${took}; ${ended}${bound}`);
  }
  return choice(
    best,
    `${took}${ended === null || ended === COSTS_TOO_MUCH ? '' : `; ${ended}`}${best === largest ? bound : ''}`,
  );
}

async function timeSizes(
  candidates: readonly number[],
  limits: ChoiceLimits,
  cold: TrialPass,
  pass: (size: number) => Promise<TrialPass>,
  forget: (size: number) => void,
): Promise<Timings> {
  const timed: Timed[] = [];
  let spent = 0;
  let allowed = Number.POSITIVE_INFINITY;
  let gainless = 0;
  const end = (ended: string | null): Timings => ({ timed, ended, gained: gainless === 0 });
  for (const [index, size] of candidates.entries()) {
    if (spent + REPEATS * size * (timed.at(-1)?.perExample ?? 0) > allowed) return end(COSTS_TOO_MUCH);
    const trials: TrialPass[] = index === 0 ? [cold] : [];
    try {
      while (trials.length < REPEATS) {
        const trial = await pass(size);
        trials.push(trial);
        if (!fits(trial, limits)) {
          forget(size);
          return end(`${size} take more than ${limitOf(limits)}`);
        }
      }
    } catch (error) {
      // What works with fewer examples and fails with more has met a limit that nobody told us of.
      if (index === 0) throw error;
      return end(`${size} failed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
    const milliseconds = Math.min(...trials.map((trial) => trial.milliseconds));
    if (!(milliseconds > 0)) return end(null);
    const perExample = milliseconds / size;
    const fastest = Math.min(...timed.map((other) => other.perExample));
    timed.push({ size, perExample });
    spent += trials.reduce((sum, trial) => sum + trial.milliseconds, 0);
    if (index === 0) allowed = SHARE_OF_A_CHECKPOINT * limits.examples * perExample;
    gainless = milliseconds < TOO_SHORT || perExample <= (1 - WORTH) * fastest ? 0 : gainless + 1;
    if (gainless === GAINLESS) return end(null);
  }
  return end(null);
}

/**
 * The largest chunk that the limits allow, up to what the input's shape suggests: for a single pass over the examples,
 * in which timing other sizes would cost more than it can gain.
 *
 * @param bytes what a pass of `size` examples took
 */
export function largestWithin(bytes: PassBytes, size: number, limits: Omit<ChoiceLimits, 'examples'>): number {
  const allowed = sizesFrom(1, limits.estimate).filter((larger) => fits(scaled(bytes, larger / size), limits));
  return allowed.at(-1) ?? 1;
}

/** Powers of two times `first`, and the most. */
function sizesFrom(first: number, most: number): number[] {
  const sizes = [];
  for (let size = first; size < most; size *= 2) sizes.push(size);
  return [...sizes, most];
}

function scaled({ bytes, largestTensorBytes }: PassBytes, factor: number): PassBytes {
  return { bytes: bytes * factor, largestTensorBytes: largestTensorBytes * factor };
}

function fits({ bytes, largestTensorBytes }: PassBytes, { workingMemory, tensorBytes }: MemoryLimits): boolean {
  return bytes <= workingMemory && largestTensorBytes <= tensorBytes;
}

/** Measured, or in proportion to the largest pass that was: what does not grow with the examples is counted as if it did. */
function expectedBytes(known: ReadonlyMap<number, TrialPass>, size: number): number {
  const measured = known.get(size) ?? null;
  if (measured !== null) return measured.bytes;
  const nearest = Math.max(...known.keys());
  return Math.ceil(((known.get(nearest)?.bytes ?? 0) * size) / nearest);
}

function limitOf({ workingMemory, tensorBytes }: MemoryLimits): string {
  const memory = `workingMemory, ${(workingMemory / 1e6).toFixed(1)} MB`;
  return tensorBytes === Number.POSITIVE_INFINITY ? memory : `${memory}, or than the device gives one tensor`;
}
