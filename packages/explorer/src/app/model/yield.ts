import { clopperPearson } from '@vogjs/statistics';
import type { ApiReview } from '../../api/types.js';

/** What a review of flagged examples gave so far, and what may be left. */
export interface Yield {
  readonly reviewed: number;
  /** Relabelled or excluded. */
  readonly wrong: number;
  /** Share of the reviewed that were wrong, and its 95 % interval (Clopper and Pearson 1934); null before the first. */
  readonly precision: number | null;
  readonly interval: readonly [number, number] | null;
  /** Wrong ones to expect among those that nobody looked at, if they are as the reviewed ones. */
  readonly expected: number | null;
  readonly left: number;
}

export function yieldOf(queue: ArrayLike<number>, decisions: ReadonlyMap<number, ApiReview>): Yield {
  let reviewed = 0;
  let wrong = 0;
  for (let at = 0; at < queue.length; at++) {
    const decision = decisions.get(queue[at] as number)?.decision;
    if (decision === undefined) continue;
    reviewed++;
    if (decision !== 'confirm') wrong++;
  }
  const left = queue.length - reviewed;
  if (reviewed === 0) return { reviewed, wrong, precision: null, interval: null, expected: null, left };
  const precision = wrong / reviewed;
  const { low, high } = clopperPearson(wrong, reviewed);
  return { reviewed, wrong, precision, interval: [low, high], expected: Math.round(precision * left), left };
}
