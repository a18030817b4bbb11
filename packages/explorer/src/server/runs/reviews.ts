import { isRecord } from '@vogjs/base';
import type { Review, Run } from '@vogjs/run';
import type { ApiReview, ApiReviews } from '../../api/types.js';
import { Refusal } from '../http/refusal.js';
import type { ServedRun } from './served-run.js';

/** At once; a bulk decision about more is sent in parts. */
const MOST = 10_000;

/** What stands of a run's reviews, about rows. */
export async function readReviews(served: ServedRun, run: Run): Promise<ApiReviews> {
  const [{ standing, skipped, torn }, { rows }] = await Promise.all([run.reviews(), served.rowIds(run)]);
  return {
    standing: [...standing].flatMap(([id, review]) => aboutRow(review, rows.get(id))),
    skipped: [...skipped].flatMap((id) => rows.get(id) ?? []),
    torn,
  };
}

/**
 * Puts decisions on the disk, all or none; once it resolves they outlive a kill.
 *
 * @param given what the client sent, unchecked
 * @throws VogError ARGUMENT_INVALID for what is no review
 */
export async function writeReviews(served: ServedRun, run: Run, given: unknown): Promise<ApiReview[]> {
  if (!Array.isArray(given) || given.length === 0 || given.length > MOST) {
    throw new Refusal(400, `reviews must be a list of 1 to ${MOST} decisions.`);
  }
  const { ids } = await served.rowIds(run);
  const rows: number[] = [];
  const reviews = given.map((each: unknown): Review => {
    if (!isRecord(each)) throw new Refusal(400, 'A review must be an object with a row and a decision.');
    const { row, decision, label, kind, note, by } = each;
    const id = typeof row === 'number' ? ids[row] : undefined;
    if (id === undefined) throw new Refusal(404, `The run has no row ${JSON.stringify(row)}: there are ${ids.length}.`);
    rows.push(row as number);
    // Only what a review has; the clock is the server's, so that lines of several people are in one order.
    const said = Object.entries({ label, kind, note, by }).filter(([, value]) => value !== undefined);
    return { id, decision, ...Object.fromEntries(said) } as Review;
  });
  const written = await (await served.reviewer(run)).decideAll(reviews);
  return written.flatMap((review, at) => aboutRow(review, rows[at]));
}

function aboutRow({ id: _, ...review }: Review, row: number | undefined): ApiReview[] {
  return row === undefined ? [] : [{ row, ...review }];
}
