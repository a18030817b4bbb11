import { VogError } from '@vogjs/base';
import { LineWriter } from '../log/lines.js';
import type { Run } from '../open/open-run.js';
import { type Correction, CORRECTIONS, correctionsOf, encodeCorrections } from '../reviews/corrections.js';
import { checkReview, REVIEWS, type Review } from '../reviews/reviews.js';

/** A decision to take; `when` is now unless it is given. */
type ReviewToWrite = Omit<Review, 'when'> & { readonly when?: string };

/** Takes decisions about a run's examples, one writer a process; other processes may decide too. */
export interface Reviewer {
  /** Puts a decision on the disk. */
  decide(review: ReviewToWrite): Promise<Review>;
  /** Puts several on the disk in one write, in their order; if one is refused, none is written. */
  decideAll(reviews: readonly ReviewToWrite[]): Promise<Review[]>;
  /** Writes `corrections.csv` from the decisions that stand now, and gives its rows. */
  writeCorrections(): Promise<Correction[]>;
}

/** @throws VogError ARGUMENT_INVALID by `decide` for what is no review, IDS_UNKNOWN for nobody in the run */
export async function reviewRun(run: Run): Promise<Reviewer> {
  const { storage, manifest } = run;
  const classes = manifest.classNames?.length ?? null;
  const lines = new LineWriter(storage, REVIEWS);
  const table = await run.scores();
  const [ids, labels] = await Promise.all([table.ids(), table.labels()]);
  const known = new Set(ids.map(String));
  const check = (given: ReviewToWrite): Review => {
    const review = checkReview({ when: new Date().toISOString(), ...given }, classes);
    if (known.has(String(review.id))) return review;
    throw new VogError('IDS_UNKNOWN', `The run in ${storage.place} has no example '${review.id}'.`);
  };
  return {
    async decide(given) {
      const review = check(given);
      await lines.add(review);
      return review;
    },
    async decideAll(given) {
      const reviews = given.map(check);
      await lines.addAll(reviews);
      return reviews;
    },
    async writeCorrections() {
      const rows = correctionsOf(await run.reviews(), ids, labels, manifest.classNames);
      await storage.write(CORRECTIONS, new TextEncoder().encode(encodeCorrections(rows)));
      return rows;
    },
  };
}
