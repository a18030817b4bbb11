import { isRecord, shown, VogError } from '@vogjs/base';
import { type Lines, readLines } from '../log/lines.js';
import type { RunStorage } from '../storage/storage.js';

export const REVIEWS = 'reviews.jsonl';

export const DECISIONS = ['confirm', 'relabel', 'exclude', 'skip', 'undo'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What somebody decided about one example: a line of `reviews.jsonl`, which only grows. */
export interface Review {
  readonly id: string | number;
  readonly decision: Decision;
  /** The class given by `relabel`: an index. */
  readonly label?: number;
  /** The issue that was looked at. */
  readonly kind?: string;
  readonly note?: string;
  /** Who decided; a name of the reviewer's choice. */
  readonly by?: string;
  /** ISO 8601, UTC. */
  readonly when: string;
}

/** What stands of the reviews of a run. */
export interface Reviews {
  /** All lines that are whole, in their order. */
  readonly lines: readonly Review[];
  /** The decision that stands, by id; undone ones are not in it, and neither are skips. */
  readonly standing: ReadonlyMap<string, Review>;
  /** Ids that were skipped and not decided since. */
  readonly skipped: ReadonlySet<string>;
  /** Lines that a crash left in part, or that are no reviews. */
  readonly torn: number;
}

/** @throws VogError ARGUMENT_INVALID for what is no review */
export function checkReview(review: unknown, classes: number | null): Review {
  const refuse = (why: string): never => {
    throw new VogError('ARGUMENT_INVALID', `This is not a review: ${why}.`);
  };
  if (!isRecord(review)) return refuse(`expected an object with id and decision, got ${shown(review)}`);
  const { id, decision, label, when } = review;
  if (typeof id !== 'string' && typeof id !== 'number') refuse(`id is ${shown(id)}, expected a text or number`);
  if (!(DECISIONS as readonly unknown[]).includes(decision)) {
    refuse(`decision is ${shown(decision)}, expected one of ${DECISIONS.join(', ')}`);
  }
  if (decision === 'relabel') {
    const whole = typeof label === 'number' && Number.isSafeInteger(label) && label >= 0;
    if (!whole || (classes !== null && (label as number) >= classes)) {
      refuse(`label is ${shown(label)}, expected a class index${classes === null ? '' : ` below ${classes}`}`);
    }
  }
  if (typeof when !== 'string' || Number.isNaN(Date.parse(when))) refuse(`when is ${shown(when)}, expected a time`);
  for (const name of ['note', 'by', 'kind'] as const) {
    if (review[name] !== undefined && typeof review[name] !== 'string') refuse(`${name} is ${shown(review[name])}`);
  }
  return review as unknown as Review;
}

export async function readReviews(storage: RunStorage, classes: number | null): Promise<Reviews> {
  return foldReviews(await readLines(storage, REVIEWS), classes);
}

/** What stands after all lines: an `undo` takes back the last decision of its example that was not taken back. */
function foldReviews({ values, torn }: Lines, classes: number | null): Reviews {
  const lines: Review[] = [];
  let refused = torn;
  const stacks = new Map<string, Review[]>();
  for (const value of values) {
    let review: Review;
    try {
      review = checkReview(value, classes);
    } catch {
      refused++;
      continue;
    }
    lines.push(review);
    const key = String(review.id);
    const stack = stacks.get(key) ?? [];
    if (review.decision === 'undo') stack.pop();
    else stack.push(review);
    stacks.set(key, stack);
  }
  const standing = new Map<string, Review>();
  const skipped = new Set<string>();
  for (const [key, stack] of stacks) {
    const last = stack.at(-1);
    if (last === undefined) continue;
    const decided = stack.findLast(({ decision }) => decision !== 'skip');
    if (last.decision === 'skip') skipped.add(key);
    if (decided !== undefined) standing.set(key, decided);
  }
  return { lines, standing, skipped, torn: refused };
}
