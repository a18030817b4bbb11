import { VogError } from '@vogjs/base';
import { LineWriter } from '../log/lines.js';
import type { Run } from '../open/open-run.js';
import { type Correction, CORRECTIONS, correctionsOf, encodeCorrections } from '../reviews/corrections.js';
import { checkReview, REVIEWS, type Review } from '../reviews/reviews.js';

type Undated = Omit<Review, 'when'> & { readonly when?: string };

/** Takes decisions about a run's examples, one writer a process; other processes may decide too. */
export interface Reviewer {
  /** Puts a decision on the disk; `when` is now unless it is given. */
  decide(review: Undated): Promise<Review>;
  /** The same for many at once: all of them are checked before the first is written. */
  decideAll(reviews: readonly Undated[]): Promise<Review[]>;
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
  const checked = (given: Undated): Review => {
    const review = checkReview({ when: new Date().toISOString(), ...given }, classes);
    if (known.has(String(review.id))) return review;
    throw new VogError('IDS_UNKNOWN', `The run in ${storage.place} has no example '${review.id}'.`);
  };
  return {
    async decide(given) {
      const review = checked(given);
      await lines.add([review]);
      return review;
    },
    async decideAll(given) {
      const reviews = given.map(checked);
      if (reviews.length > 0) await lines.add(reviews);
      return reviews;
    },
    async writeCorrections() {
      const rows = correctionsOf(await run.reviews(), ids, labels, manifest.classNames);
      await storage.write(CORRECTIONS, new TextEncoder().encode(encodeCorrections(rows)));
      return rows;
    },
  };
}
