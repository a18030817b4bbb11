import { canBeTimed, COSTS_TOO_MUCH, expectedBest, leastWorth, timeSizes, TooLarge } from './size-timing.js';

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
  /** By the wall or the processor, whichever is less. */
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
  /** Known of the backend without timing: then only memory is measured. */
  readonly largerIsCheaper?: boolean;
}

/** Examples of the first trial pass, and of the least chunk that is timed. */
export const TRIAL_EXAMPLES = 8;
/** Bytes that a pass may take when nobody says. */
export const WORKING_MEMORY = 2 ** 30;
const MOST_EXAMPLES = 4096;
/** How far beyond the largest size that was timed its gains are trusted. */
const FURTHER = 4;
/** How far beyond what the input's shape suggests chunks grow where larger ones are cheaper: LeNet's to 1,024. */
const CHEAPER = 4;

/**
 * Chooses the chunk size. Memory first: trial passes tell what an example takes, and only sizes that stay within the
 * limits are considered. Then time: twice as many examples at a time, for as long as that makes an example at least 3
 * % cheaper. All passes together, the first cold one counted at a warm one's price, take at most 3 % of one
 * checkpoint, so a small probe is not timed at all. Where the share ends while larger sizes still pay, what they would
 * cost follows from those that were timed.
 *
 * Which size is chosen changes no score beyond float rounding.
 *
 * @param run passes the given number of examples
 */
export async function chooseChunkSize(
  limits: ChoiceLimits,
  run: (size: number) => Promise<TrialPass>,
): Promise<ChunkChoice> {
  const { examples, estimate, largerIsCheaper = false } = limits;
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
  if (largerIsCheaper) {
    const larger = Math.min(largest, CHEAPER * estimate);
    const why = larger === examples ? 'the whole probe' : 'from the shape of the input';
    return choice(larger, `${why}: on this backend larger chunks are cheaper${bound}`);
  }
  const untimed = Math.min(largest, estimate);
  const byShape = untimed === examples ? 'the whole probe' : 'from the shape of the input';

  // Known before anything is timed: it would cost more than it can gain.
  if (largest === first || !canBeTimed(first, examples)) {
    return choice(untimed, `${byShape}; ${examples} examples are too few to time other sizes${bound}`);
  }
  const { timed, ended, gained } = await timeSizes(candidates, examples, async (size) => {
    const trial = await pass(size);
    if (fits(trial, limits)) return trial.milliseconds;
    known.delete(size);
    throw new TooLarge(`${size} take more than ${limitOf(limits)}`);
  });
  if (timed.length === 0) return choice(untimed, `${byShape}; a pass is too short to time${bound}`);
  const best = leastWorth(timed);
  const times = timed.map(({ size, perExample }) => `${perExample.toPrecision(3)} ms in chunks of ${size}`);
  const took = `an example took ${times.join(', ')}`;
  if (ended === COSTS_TOO_MUCH && gained) {
    // Not further than shape and measurement speak for.
    const likely = candidates.filter((size) => size <= Math.max(untimed, FURTHER * best));
    const expected = expectedBest(timed, likely);
    if (expected > best) return choice(expected, `${took}, and larger chunks still paid; ${ended}${bound}`);
  }
  const why = ended === null || ended === COSTS_TOO_MUCH ? '' : `; ${ended}`;
  return choice(best, `${took}${why}${best === largest ? bound : ''}`);
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
