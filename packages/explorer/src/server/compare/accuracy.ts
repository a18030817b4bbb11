import type { AccuracyPair } from '../../api/comparison.js';
import type { Side } from './side.js';

/** Rows of the same examples in two runs. */
export interface Pairs {
  readonly before: Int32Array;
  readonly after: Int32Array;
}

type Guess = (side: Side) => Side['predicted'];

/**
 * How many of the labels of the run after each run predicts: those are the ones that people hold to be right.
 *
 * @param isMeant whether a pair counts; default all
 * @returns null where a run has no labels or no predictions, or no pair counts
 */
export function accuracyOf(
  before: Side,
  after: Side,
  pairs: Pairs,
  guess: Guess,
  isMeant: (at: number) => boolean = () => true,
): AccuracyPair | null {
  const [guessedBefore, guessedAfter] = [guess(before), guess(after)];
  if (after.labels === null || guessedBefore === null || guessedAfter === null) return null;
  let [examples, wasRight, isRight, gained, lost] = [0, 0, 0, 0, 0];
  for (let at = 0; at < pairs.before.length; at++) {
    const label = after.labels[pairs.after[at] as number];
    const [first, second] = [guessedBefore[pairs.before[at] as number], guessedAfter[pairs.after[at] as number]];
    if (label === null || !isMeant(at)) continue;
    examples++;
    const [was, is] = [first === label, second === label];
    wasRight += Number(was);
    isRight += Number(is);
    gained += Number(is && !was);
    lost += Number(was && !is);
  }
  if (examples === 0) return null;
  return { before: wasRight / examples, after: isRight / examples, gained, lost, examples };
}
